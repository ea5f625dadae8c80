#include "cluster/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cardseg/cluster/nearest.hpp"
#include "cluster/movement.hpp"

namespace cardseg::cluster {

Neighbours::Neighbours(int segments) : segments_(segments), all_(static_cast<std::size_t>(segments)) {
  std::iota(all_.begin(), all_.end(), 0);
}

Neighbours::Neighbours(const Centroids& centroids) : Neighbours(centroids.segments) {
  if (segments_ < 2) return;
  const auto k = static_cast<std::size_t>(segments_);
  order_.resize(k * k);
  distance_.resize(k * k);
  nearest_.resize(k);
#pragma omp parallel
  {
    std::vector<double> from(k);
#pragma omp for schedule(static)
    for (int a = 0; a < segments_; ++a) {
      for (int j = 0; j < segments_; ++j)
        from[static_cast<std::size_t>(j)] =
            std::sqrt(squared_distance(centroids.row(a), centroids.row(j), centroids.features));
      from[static_cast<std::size_t>(a)] = -1.0;  // itself comes first, before its equals
      const auto row = static_cast<std::size_t>(a) * k;
      const auto order = std::span(order_).subspan(row, k);
      std::iota(order.begin(), order.end(), 0);
      std::ranges::sort(order, {}, [&](std::int32_t j) { return from[static_cast<std::size_t>(j)]; });
      for (std::size_t rank = 0; rank < k; ++rank)
        distance_[row + rank] = float_below(from[static_cast<std::size_t>(order[rank])] * (1 - 0x1p-36));
      nearest_[static_cast<std::size_t>(a)] = float_above(from[static_cast<std::size_t>(order[1])] * (1 + 0x1p-36));
    }
  }
}

std::span<const std::int32_t> Neighbours::candidates(int a, float reach) const {
  if (a < 0 || order_.empty()) return all_;
  const auto k = static_cast<std::size_t>(segments_);
  const auto row = static_cast<std::size_t>(a) * k;
  const double radius =
      (2.0 * static_cast<double>(reach) + static_cast<double>(nearest_[static_cast<std::size_t>(a)])) * (1 + 0x1p-36);
  const auto distances = std::span(distance_).subspan(row, k);
  const auto end = std::ranges::upper_bound(distances, radius, {}, [](float x) { return static_cast<double>(x); });
  const auto count = std::max<std::ptrdiff_t>(end - distances.begin(), 2);
  return std::span(order_).subspan(row, static_cast<std::size_t>(count));
}

}  // namespace cardseg::cluster
