// Which segments would gain by being two, and which would lose little by being one, on a few of their customers.
//
//   split:  the members of segment j parted by the sign of (x - m_j) . v_j, v_j the main axis of their scatter by power
//           iteration, then 2-means of these members alone
//   gain_j = |s|^2 (1 / n_1 + 1 / n_2),  s the sum of x - m_j over one of the parts, n_1 and n_2 their customers
//   merge:  cost_ab = n_a n_b / (n_a + n_b) |m_a - m_b|^2, the least over b (Ward 1963)
//
// Draws by D^2 find what is far away; with many features a customer that is drawn is nearest to nobody but itself, and
// splits find what they do not. A segment's numbers are one serial computation, so they are the same on every rank and
// any number of threads. Per customer: k d flops for the segment, some 40 d for the split.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// A segment as two.
struct Split {
  int segment = 0;
  double gain = 0.0;           ///< inertia of these customers that it takes away
  std::vector<double> points;  ///< [2][feature]: the means of the parts
};

/// What a grouping could gain and lose.
struct Splits {
  std::vector<Split> splits;        ///< the largest gain first; those alone that gain
  std::vector<double> merge_costs;  ///< by segment, the least first
};

/// Local, and the same wherever customers and centroids are the same.
template <class T>
Splits find_splits(const portfolio::FeatureMatrix<T>& customers, const Centroids& centroids);

/// Pure. How many of the splits gain more than `share` of what as many merges cost, each of them.
int count_paying(const Splits& splits, double share);

/// Pure. The centroids with the segments of the first `width` splits as two.
Centroids with_splits(const Centroids& centroids, const Splits& splits, int width);

}  // namespace cardseg::cluster
