// Plain twins of the measures: every pair of customers, in double, one after the other; and a small data set whose
// measures scikit-learn 1.9.1 gives.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "support/make_matrix.hpp"

namespace cardseg::quality {

using support::Rows;

/// Twelve customers; by the centroids below segments of 4, 4, 3 and 1. Read aloud to scikit-learn 1.9.1 (labels of the
/// same centroids): calinski_harabasz_score, davies_bouldin_score, silhouette_score and silhouette_samples.
inline const Rows known_rows = {{0, 0},  {1, 0}, {0, 2}, {2, 1}, {10, 0}, {11, 1},
                                {10, 2}, {5, 9}, {6, 8}, {5, 7}, {4, 4},  {20, 20}};
inline const Rows known_centroids = {{1, 1}, {5, 8}, {10, 1}, {20, 20}};
constexpr double known_calinski_harabasz = 79.9448275862069;
constexpr double known_davies_bouldin = 0.2852871813724542;
constexpr double known_squared_silhouette = 0.7892520822966627;
constexpr double known_euclidean_silhouette = 0.6356827909073294;
inline const std::vector<double> known_squared_silhouettes = {0.937641302030536, 0.7101981657321463, 0.9598890388364073,
                                                              0.0};

inline cluster::Centroids centroids_of(const Rows& rows) {
  cluster::Centroids centroids(static_cast<int>(rows.size()), static_cast<int>(rows.front().size()));
  for (int j = 0; j < centroids.segments; ++j) std::ranges::copy(rows[static_cast<std::size_t>(j)], centroids.row(j));
  return centroids;
}

/// Every `step`-th row as a centroid.
inline cluster::Centroids some_centroids(const Rows& rows, int segments, std::size_t step = 5) {
  Rows chosen;
  for (int j = 0; j < segments; ++j) chosen.push_back(rows[static_cast<std::size_t>(j) * step]);
  return centroids_of(chosen);
}

inline double plain_squared(const std::vector<double>& a, const double* b) {
  double sum = 0.0;
  for (std::size_t f = 0; f < a.size(); ++f) sum += (a[f] - b[f]) * (a[f] - b[f]);
  return sum;
}

inline std::vector<int> plain_labels(const Rows& rows, const cluster::Centroids& centroids) {
  std::vector<int> labels;
  for (const auto& row : rows) {
    int best = 0;
    for (int j = 1; j < centroids.segments; ++j)
      if (plain_squared(row, centroids.row(j)) < plain_squared(row, centroids.row(best))) best = j;
    labels.push_back(best);
  }
  return labels;
}

enum class Distance { euclidean, squared };

/// The silhouette of each customer from all pairs.
inline std::vector<double> plain_silhouettes(const Rows& rows, const std::vector<int>& labels, Distance distance) {
  const int segments = 1 + *std::ranges::max_element(labels);
  std::vector<double> silhouettes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<double> sums(static_cast<std::size_t>(segments));
    std::vector<double> counts(static_cast<std::size_t>(segments));
    for (std::size_t other = 0; other < rows.size(); ++other) {
      if (other == i) continue;
      const double squared = plain_squared(rows[i], rows[other].data());
      sums[static_cast<std::size_t>(labels[other])] += distance == Distance::squared ? squared : std::sqrt(squared);
      ++counts[static_cast<std::size_t>(labels[other])];
    }
    const auto own = static_cast<std::size_t>(labels[i]);
    double b = HUGE_VAL;
    for (std::size_t j = 0; j < sums.size(); ++j)
      if (j != own && counts[j] > 0) b = std::min(b, sums[j] / counts[j]);
    const double a = counts[own] > 0 ? sums[own] / counts[own] : 0.0;
    silhouettes.push_back(counts[own] > 0 ? (b - a) / std::max(a, b) : 0.0);
  }
  return silhouettes;
}

inline double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace cardseg::quality
