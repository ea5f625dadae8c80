#include "cardseg/quality/indices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"

namespace cardseg::quality {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double members_of(const Segmentation& segmentation, int segment) {
  return static_cast<double>(segmentation.customers[static_cast<std::size_t>(segment)]);
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
    if (j == i || members_of(segmentation, j) == 0 || apart == 0) continue;
    worst = std::max(worst, (mean_distance(silhouette, i) + mean_distance(silhouette, j)) / apart);
  }
  return worst;
}

}  // namespace

double calinski_harabasz(const Segmentation& segmentation) {
  const std::vector<double> mean =
      cluster::overall_mean(segmentation.means, {segmentation.customers.begin(), segmentation.customers.end()});
  double between = 0.0;
  double within = 0.0;
  for (int j = 0; j < segmentation.segments(); ++j) {
    between += members_of(segmentation, j) *
               cluster::squared_distance(segmentation.means.row(j), mean.data(), segmentation.means.features);
    within += segmentation.scatter[static_cast<std::size_t>(j)];
  }
  const int k = segmentation.occupied();
  const std::int64_t n = segmentation.all_customers();
  if (k < 2 || n <= k || !(within > 0)) return nan;
  return between / static_cast<double>(k - 1) / (within / static_cast<double>(n - k));
}

double davies_bouldin(const Segmentation& segmentation, const Silhouette& silhouette) {
  if (segmentation.occupied() < 2) return nan;
  double sum = 0.0;
  for (int i = 0; i < segmentation.segments(); ++i)
    if (members_of(segmentation, i) > 0) sum += worst_overlap(segmentation, silhouette, i);
  return sum / segmentation.occupied();
}

}  // namespace cardseg::quality
