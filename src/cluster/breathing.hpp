// Moves between segments that Lloyd's iterations cannot make: centroids are added where they gain most, a few
// iterations follow, and as many are taken away where that costs least. Breathing k-means (Fritzke 2020), with greedy
// draws by D^2 (as local-search k-means++ does: Lattanzi, Sohler 2019) in place of the segments of largest error.
//
//   breathe in:  m greedy steps of k-means++ behind the centroids (greedy_draw.hpp), then Lloyd with k + m
//   breathe out: m times the centroid of least removal cost (removal_costs.hpp) whose neighbour was not taken away
//
// All decisions are made from integer sums and row-keyed draws, or from one serial computation on them that is the same
// on every rank. Per customer and breath: 8 + 2 m passes' distances about, 12 bytes while masses are drawn.
#pragma once

#include <cstdint>
#include <optional>

#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/core/philox.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

/// The widest breath: centroids that come and go at once.
constexpr int widest_breath = 5;

/// The random numbers of breath `number` of a run of breaths.
struct Breath {
  const core::RowRandom& random;
  int number = 0;
  int width = 1;  ///< centroids, 1 to widest_breath
};

/// Collective. As many centroids as there were, to be settled; none where customers leave no mass to add any.
template <class T>
std::optional<Centroids> breathe(const FitSetting<T>& setting, const FitOptions& options, const Centroids& centroids,
                                 const Breath& breath);

/// Collective. From a result on these customers to a better one: breaths, each settled by `options`, from the widest to
/// the narrowest; one that gains less than a share of 1e-5 is undone, and the next is narrower. Adds to `moves`.
template <class T>
RestartResult improve(const FitSetting<T>& setting, const FitOptions& options, RestartResult best,
                      const core::RowRandom& random, MoveTally& moves);

}  // namespace cardseg::cluster
