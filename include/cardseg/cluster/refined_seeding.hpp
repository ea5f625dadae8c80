// The first centroids of any fit; by default from a sample of the customers: k-means++ and Lloyd's iterations there, as
// Bradley and Fayyad 1998 refine starting points, with one sample. Passes over all customers then begin near where they
// end.
#pragma once

#include <cstdint>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Collective. k centroids by `options.seeding` (not `file`): draw_seeds() of seeding.hpp, or where it is `refined` one
/// pass, then k-means++ and up to 100 iterations over a sample of refining_sample() customers about, whose features it
/// holds meanwhile; where that is 0, or too few of the sample differ, as plusplus. Row i is in the sample of a restart
/// where its own 64 bits are below floor(2^64 m / n), m = refining_sample(). Precondition: at least k distinct
/// customers.
template <class T>
Centroids make_seeds(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                     const FitOptions& options, int restart);

/// Pure. About how many customers are in the sample of Seeding::refined: options.seeding_sample, or 256 a segment where
/// that is more; 0 with another seeding, or with fewer customers than four times that (with more than 12 features, d /
/// 3 times: a sample takes less memory than iterations do).
std::int64_t refining_sample(const FitOptions& options, std::int64_t customers, int features);

}  // namespace cardseg::cluster
