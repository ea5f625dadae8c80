// A tree of thresholds grown to more leaves than segments, best first.
//
//   gain of a split at a leaf with segment s: sum |x - c_s|^2 - min_i sum_{x <= e} |x - c_i|^2
//                                                             - min_j sum_{x > e} |x - c_j|^2
// Frost, Moshkovitz, Rashtchian, "ExKMC: Expanding explainable k-means clustering" (2020).
#pragma once

#include <cstdint>
#include <vector>

#include "profile/rule_sample.hpp"
#include "profile/threshold_tree.hpp"

namespace cardseg::profile {

/// Of a feature's edges, about this many bins' worth are tried.
inline constexpr int growing_bins = 64;

/// Pure; serial sums in the order of the sample. Splits the leaf that gains most until there are `leaves`, or no split
/// gains anything and leaves `least_customers` of the sample on both sides. `segments`: of each of the tree's, its
/// segment in the sample; customers of others do not count. Ties: the lowest node, feature and edge, of segments the
/// lowest.
void grow(ThresholdTree& tree, int leaves, const RuleSample& sample, const std::vector<int>& segments,
          const RuleEdges& edges, std::int64_t least_customers);

}  // namespace cardseg::profile
