// The silhouette of all customers, exact, with squared Euclidean distances: no pair of customers is looked at.
//
//   sum over members y of segment j of w_y |x - y|^2 = M_j |x - m_j|^2 + W_j,  M_j mass, m_j mean, W_j scatter of j
//   a = that sum for x's own segment / (M_j - w_x),  b = the least of the others' sums / M_j,  s = (b - a) / max(a, b)
//   mean over a segment or all = sum w_x s / its mass
// With weights w of 1 as in Spark's ClusteringEvaluator, which takes n_j |x|^2 + sum |y|^2 - 2 x . sum y instead: the
// same number, but it loses digits where means are far from the origin. s is 0 for a customer alone in its segment;
// who is alone, and which segments are empty, goes by customers.
// Per customer and segmentation: 6 k d flops. Rousseeuw 1987.
#pragma once

#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/quality/segmentation.hpp"

namespace cardseg::quality {

/// Means over mass. NaN where fewer than two segments have customers, and for a segment without any.
struct Silhouette {
  double mean = 0.0;
  std::vector<double> by_segment;
  std::vector<double>
      mean_distance;  ///< of each segment, over its mass: Euclidean, of customers to their mean; 0 without any
};

/// Collective. One pass over the matrix for all segmentations. Preconditions: measured on this matrix.
template <class T>
std::vector<Silhouette> measure_silhouettes(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                            const std::vector<Segmentation>& segmentations);

}  // namespace cardseg::quality
