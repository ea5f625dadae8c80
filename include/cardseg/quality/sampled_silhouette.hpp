// The silhouette with Euclidean distances, of a sample: the distances of all pairs are computed once for all models.
//
//   a = mean distance to the others of the own segment, b = least mean distance to another segment that the sample has
//   s = (b - a) / max(a, b), 0 where the customer is alone in its segment; the mean over the sample
// as scikit-learn's silhouette_score defines it. These means are over mass, sum w d / sum w and sum w s / sum w, with
// weights w of 1. The sample is drawn by heads (sample.hpp), so that a weight counts once. Distances are rounded to one
// fixed-point grid and added as integers.
// For a sample of N: 3 N^2 d / P flops on each of P ranks, plus N^2 / P additions a model.
#pragma once

#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::quality {

/// Means over mass. NaN where the sample is in fewer than two segments, and for a segment that it has nobody of.
struct SampledSilhouette {
  double mean = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> by_segment;
  std::vector<std::int64_t> customers;  ///< of the sample, by segment
  bool is_of_all = false;               ///< the sample is all customers

  /// Customers that were measured.
  std::int64_t sampled() const { return std::accumulate(customers.begin(), customers.end(), std::int64_t{0}); }
};

/// Collective. One for each set of centroids. `sample`: the same on all ranks (gather_sample); each rank takes its
/// share of the rows. 4 N bytes a set for the sample's labels.
template <class T>
std::vector<SampledSilhouette> sampled_silhouettes(const comm::Communicator& comm,
                                                   const portfolio::FeatureMatrix<T>& sample,
                                                   const std::vector<cluster::Centroids>& centroids);

/// Up to so many customers a fit is measured on all of them, of more on a sample.
inline constexpr std::int64_t most_measured = 10000;
inline constexpr std::int64_t sample_of_more = 4000;

/// Collective. Of one set of centroids, on all customers of `matrix` or a sample drawn by `seed` and global rows.
template <class T>
SampledSilhouette measure_silhouette(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                     const cluster::Centroids& centroids, std::uint64_t seed);

}  // namespace cardseg::quality
