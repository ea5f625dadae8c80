// The first centroids of any fit; by default from a sample of the customers: greedy k-means++, Lloyd's iterations and
// moves between segments there (src/cluster/breathing.hpp), as Bradley and Fayyad 1998 refine starting points, with one
// sample. Passes over all customers then begin near where they end.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

struct Seeds {
  Centroids centroids;
  SeedingRecord record;
  int met = -1;  ///< the restart that it met on the sample: it would go the same way
};

/// Collective. k centroids by `options.seeding` (not `file`): draw_seeds() of seeding.hpp, or where it is `refined` one
/// pass, then greedy k-means++, up to 100 iterations and improve() over a sample of refining_sample() customers about,
/// whose features it holds meanwhile, or over all where it is as many. Where it is 0, or too few of the sample differ,
/// as plusplus. With Improve::off the sample is seeded by k-means++ and not improved. Row i is in the sample of a
/// restart where its own 64 bits are below floor(2^64 m / n), m = refining_sample(). Precondition: at least k distinct
/// customers. Customers change places in `matrix` meanwhile; afterwards they lie as before.
template <class T>
Seeds make_seeds(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, const FitOptions& options,
                 int restart);

/// Pure. About how many customers are in the sample of Seeding::refined: options.seeding_sample, or 256 a segment where
/// that is more, and never more than a quarter of them (with more than 12 features, 3 / d: a sample takes less memory
/// than iterations do). Where customers are no more than the first, all of them; 0 where fewer than 64 a segment were
/// left. With Improve::off 0 wherever a limit would be met. 0 with another seeding, or one segment.
std::int64_t refining_sample(const FitOptions& options, std::int64_t customers, int features);

/// Pure. Customers times features of the largest sample that every one of several ranks holds as a whole while it seeds
/// one of the fits; 0 where samples stay divided among ranks.
std::int64_t gathered_values(const std::vector<FitOptions>& fits, std::int64_t customers, int features);

}  // namespace cardseg::cluster
