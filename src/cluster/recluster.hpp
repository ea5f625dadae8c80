// From weighted candidates to k first centroids: weighted k-means++, then weighted Lloyd iterations.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/core/philox.hpp"

namespace cardseg::cluster {

/// Lloyd iterations at the most.
constexpr int recluster_iterations = 20;

/// Local, and the same on all ranks for the same arguments. Preconditions: at least `segments` distinct candidates,
/// weights >= 0. Draw j takes a candidate with probability weight * D^2 / sum (the first: weight / sum), D^2 rounded to
/// the grid of its maximum over candidates of weight. Means are weighted sums in the candidates' order; a centroid
/// without weight stays. Throws comm::AgreedError where no mass is left. Cost: m k d (3 + 3 iterations) flops for m
/// candidates, on all threads.
Centroids recluster(const Centroids& candidates, const std::vector<std::int64_t>& weights, int segments,
                    const core::RowRandom& random);

}  // namespace cardseg::cluster
