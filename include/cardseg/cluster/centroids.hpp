// k points in feature space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cardseg::cluster {

/// Row-major: centroid j, feature f at values[j * features + f].
struct Centroids {
  int segments = 0;
  int features = 0;
  std::vector<double> values;

  Centroids() = default;
  Centroids(int k, int d)
      : segments(k), features(d), values(static_cast<std::size_t>(k) * static_cast<std::size_t>(d)) {}

  double* row(int segment) { return values.data() + static_cast<std::ptrdiff_t>(segment) * features; }
  const double* row(int segment) const { return values.data() + static_cast<std::ptrdiff_t>(segment) * features; }
};

/// Pure. The centroids with the largest segment first; equal sizes keep their order. `customers`: of each segment.
Centroids sorted_by_size(const Centroids& centroids, const std::vector<std::int64_t>& customers);

/// Pure. The mean of all customers, from the means and masses of the segments: sum_j m_j (mass_j / sum of masses).
std::vector<double> overall_mean(const Centroids& means, const std::vector<double>& mass);

}  // namespace cardseg::cluster
