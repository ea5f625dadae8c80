// What it costs to take a centroid away: the lesser of two upper bounds. Its customers go each to the second nearest,
// and nothing moves; or all of them go to one other segment, and its mean moves (Ward 1963).
//
//   cost_j = min( sum over the customers i of segment j of D_i,second - D_i,first,   (nearest.hpp), integers on a grid
//                 min_b M_j M_b / (M_j + M_b) |c_j - c_b|^2 )                         M the masses
//
// The first alone is twice too high where two centroids share one group, so small groups would go before one of those.
// Per customer: 3 k d flops in double precision; one allreduce of 2 k sums.
#pragma once

#include <cmath>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

struct Removal {
  double cost = HUGE_VAL;
  int neighbour = -1;  ///< the segment that its customers would go to at the least cost, all of them; -1: it has none
};

/// Pure. By segment: what it costs to give its mass the mean of the other that costs least. `means`: of at least two
/// segments.
std::vector<Removal> merge_costs(const Centroids& means, const std::vector<double>& mass);

/// Collective, one pass. By segment; the same on any number of ranks and threads. Precondition: at least two centroids.
template <class T>
std::vector<Removal> removal_costs(const FitSetting<T>& setting, const Centroids& centroids);

}  // namespace cardseg::cluster
