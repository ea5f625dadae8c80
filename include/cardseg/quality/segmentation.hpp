// The segments that centroids make of a portfolio: sizes, means and spread, exact, for many sets of centroids at once.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::quality {

/// What all customers, each in the segment of its nearest centroid (cluster/nearest.hpp), make of each segment.
struct Segmentation {
  cluster::Centroids centroids;         ///< the largest segment first
  std::vector<std::int64_t> customers;  ///< of each segment
  cluster::Centroids means;             ///< of each segment's customers; where it has none, its centroid
  std::vector<double> inertia;          ///< of each segment: sum of squared distances to its centroid
  double total_inertia = 0.0;
  std::vector<double> scatter;            ///< of each segment: sum of squared distances to its mean
  double largest_squared_distance = 0.0;  ///< of a customer to its centroid
  double largest_distance_to_mean = 0.0;  ///< a bound, not the largest itself

  cluster::SegmentTotals totals() const;
  int segments() const { return centroids.segments; }
  std::int64_t all_customers() const;
  /// Segments with at least one customer.
  int occupied() const;
};

/// Collective. Centroids are renumbered by the sizes that come out, as cluster::score_by_size does, so that inertia and
/// sizes are those that scoring writes, to the last bit.
/// Two passes over the matrix for all sets together (a tile in cache serves every one), and one more for the grids; 3 k
/// d flops a customer, set and pass; 16 k d bytes a set, thread and rank. One allreduce a set and pass.
template <class T>
std::vector<Segmentation> measure_segmentations(const comm::Communicator& comm,
                                                const portfolio::FeatureMatrix<T>& matrix,
                                                const std::vector<cluster::Centroids>& centroids);

}  // namespace cardseg::quality
