// The silhouette of all customers, exact, with squared Euclidean distances: no pair of customers is looked at.
//
//   sum over members y of segment j of |x - y|^2 = n_j |x - m_j|^2 + W_j,  m_j the mean, W_j the scatter about it
//   a = that sum for x's own segment / (n - 1),  b = the least of the others' sums / n_j,  s = (b - a) / max(a, b)
// as in Spark's ClusteringEvaluator, which takes n_j |x|^2 + sum |y|^2 - 2 x . sum y instead: the same number, but it
// loses digits where means are far from the origin. s is 0 for a customer alone in its segment.
// Per customer and segmentation: 6 k d flops. Rousseeuw 1987.
#pragma once

#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/quality/segmentation.hpp"

namespace cardseg::quality {

/// Means over customers. NaN where fewer than two segments have customers, and for a segment without any.
struct Silhouette {
  double mean = 0.0;
  std::vector<double> by_segment;
  std::vector<double> mean_distance;  ///< of each segment: Euclidean, of its customers to their mean; 0 without any
};

/// Collective. One pass over the matrix for all segmentations. Preconditions: measured on this matrix.
template <class T>
std::vector<Silhouette> measure_silhouettes(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                            const std::vector<Segmentation>& segmentations);

}  // namespace cardseg::quality
