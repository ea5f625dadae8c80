#include "cardseg/quality/indices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"

namespace cardseg::quality {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool is_occupied(const Segmentation& segmentation, int segment) {
  return segmentation.customers[static_cast<std::size_t>(segment)] > 0;
}

double mean_distance(const Silhouette& silhouette, int segment) {
  return silhouette.mean_distance[static_cast<std::size_t>(segment)];
}

// max_j (d_i + d_j) / |m_i - m_j|
double worst_overlap(const Segmentation& segmentation, const Silhouette& silhouette, int i) {
  double worst = 0.0;
  for (int j = 0; j < segmentation.segments(); ++j) {
    const double apart = std::sqrt(
        cluster::squared_distance(segmentation.means.row(i), segmentation.means.row(j), segmentation.means.features));
    if (j == i || !is_occupied(segmentation, j) || apart == 0) continue;
    worst = std::max(worst, (mean_distance(silhouette, i) + mean_distance(silhouette, j)) / apart);
  }
  return worst;
}

// Sums of squared distances, weighted.
struct Scatter {
  double between = 0.0;
  double within = 0.0;
};

Scatter scatter_of(const Segmentation& segmentation) {
  const std::vector<double> mean = cluster::overall_mean(segmentation.means, segmentation.mass);
  Scatter scatter;
  for (int j = 0; j < segmentation.segments(); ++j) {
    scatter.between += segmentation.mass[static_cast<std::size_t>(j)] *
                       cluster::squared_distance(segmentation.means.row(j), mean.data(), segmentation.means.features);
    scatter.within += segmentation.scatter[static_cast<std::size_t>(j)];
  }
  return scatter;
}

}  // namespace

double calinski_harabasz(const Segmentation& segmentation) {
  const Scatter scatter = scatter_of(segmentation);
  const int k = segmentation.occupied();
  const std::int64_t n = segmentation.all_customers();
  if (k < 2 || n <= k || !(scatter.within > 0)) return nan;
  return scatter.between / static_cast<double>(k - 1) / (scatter.within / static_cast<double>(n - k));
}

double r_squared(const Segmentation& segmentation) {
  const Scatter scatter = scatter_of(segmentation);
  const double all = scatter.between + scatter.within;
  return all > 0 ? scatter.between / all : nan;
}

double davies_bouldin(const Segmentation& segmentation, const Silhouette& silhouette) {
  if (segmentation.occupied() < 2) return nan;
  double sum = 0.0;
  for (int i = 0; i < segmentation.segments(); ++i)
    if (is_occupied(segmentation, i)) sum += worst_overlap(segmentation, silhouette, i);
  return sum / segmentation.occupied();
}

}  // namespace cardseg::quality
