// What it costs to take a centroid away, an upper bound: its customers go to their second nearest, and nothing moves.
//
//   cost_j = sum over the customers i of segment j of D_i,second - D_i,first      (nearest.hpp), as integers on a grid
//
// Per customer: 3 k d flops in double precision; one allreduce of k sums.
#pragma once

#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

/// Collective, one pass. By segment, all on one grid; the same on any number of ranks and threads. Precondition: at
/// least two centroids.
template <class T>
std::vector<core::int128> removal_costs(const FitSetting<T>& setting, const Centroids& centroids);

}  // namespace cardseg::cluster
