// Moves between segments that Lloyd's iterations cannot make: centroids are added where they gain most, a few
// iterations follow, and as many are taken away where that costs least. Breathing k-means (Fritzke 2020), with splits
// along main axes and with greedy draws by D^2 (as local-search k-means++ does: Lattanzi, Sohler 2019) in place of the
// segments of largest error.
//
//   breathe in:  m segments as two (splits.hpp), or m greedy steps of k-means++ behind the centroids (greedy_draw.hpp);
//                then Lloyd with k + m
//   breathe out: m times the centroid of least removal cost (removal_costs.hpp) whose neighbour was not taken away
//
// All decisions are made from integer sums and row-keyed draws, or from one serial computation on them that is the same
// on every rank. Per customer and breath: 8 passes' distances about, 2 m more and 12 bytes where masses are drawn.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/core/philox.hpp"
#include "cluster/basis.hpp"
#include "cluster/splits.hpp"

namespace cardseg::cluster {

/// The widest breath by draws: centroids that come and go at once.
constexpr int widest_breath = 5;

/// A breath of `width` centroids.
struct Breath {
  int width = 1;
  const Splits* splits = nullptr;           ///< at least `width`; null: draws
  const core::RowRandom* random = nullptr;  ///< of draws, which are at most widest_breath
  int number = 0;                           ///< of draws: of the random numbers
};

/// Collective. As many centroids as there were, to be settled; none where customers leave no mass to add any.
template <class T>
std::optional<Centroids> breathe(const FitSetting<T>& setting, const FitOptions& options, const Centroids& centroids,
                                 const Breath& breath);

/// Pure. How many segments to split at once: those that pay, at most half of them.
int splits_at_once(const Splits& splits, int segments);

/// Pure. False where no split gains a third of what a merge costs: with clear groups, each of which has its centroid,
/// moves would find nothing.
bool may_gain(const Splits& splits);

/// Whether somebody has been in a grouping before (state_key.hpp).
using KnownStates = std::function<bool(std::uint64_t)>;

template <class T>
struct Improvement {
  const portfolio::FeatureMatrix<T>& some;  ///< customers that splits are found on, the same on all ranks
  const core::RowRandom& random;            ///< of draws
  const KnownStates& known;                 ///< groupings that end it
};

/// Collective. From a result on these customers to a better one: breaths, each settled by `options`, by splits and then
/// by draws, from the widest to the narrowest; one that gains less than a share of 1e-5 is undone, and the next is
/// narrower. Adds to `moves`.
template <class T>
RestartResult improve(const FitSetting<T>& setting, const FitOptions& options, RestartResult best,
                      const Improvement<T>& by, MoveTally& moves);

}  // namespace cardseg::cluster
