#include "cluster/removal_costs.hpp"

#include <algorithm>
#include <span>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::cluster {
namespace {

using core::int128;
using portfolio::tile_rows;

// No customer is farther from a centroid: the squared diagonal of the box that holds them all.
double largest_distance(const SumGrids& grids, const Centroids& centroids) {
  double squared = 0.0;
  for (int f = 0; f < centroids.features; ++f) {
    double lowest = grids.lowest[static_cast<std::size_t>(f)];
    double highest = grids.highest[static_cast<std::size_t>(f)];
    for (int j = 0; j < centroids.segments; ++j) {
      lowest = std::min(lowest, centroids.row(j)[f]);
      highest = std::max(highest, centroids.row(j)[f]);
    }
    squared += (highest - lowest) * (highest - lowest);
  }
  return squared * (1 + 0x1p-20);
}

template <class T>
std::vector<int128> local_costs(const FitSetting<T>& setting, const Centroids& centroids) {
  const portfolio::FeatureMatrix<T>& matrix = setting.matrix;
  const double largest = largest_distance(setting.basis.grids, centroids);
  const auto grid = core::FixedPoint::for_values(largest, setting.basis.customers);
  const auto segments = static_cast<std::size_t>(centroids.segments);
  std::vector<int128> costs(segments);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<int128> mine;
    const bool is_ready = failure.guard([&] { mine.resize(segments); });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < (matrix.rows() + tile_rows - 1) / tile_rows; ++t) {
      if (!is_ready) continue;
      NearestTile answer;
      find_nearest(matrix.tile(t), centroids, answer);
      for (std::int64_t i = 0; i < std::min(tile_rows, matrix.rows() - t * tile_rows); ++i)
        mine[static_cast<std::size_t>(answer.first[i])] +=
            grid.round(answer.second_distance[i] - answer.first_distance[i]);
      matrix.done_with(t);
    }
#pragma omp critical(cardseg_removal_costs)
    for (std::size_t j = 0; is_ready && j < segments; ++j) costs[j] += mine[j];
  }
  failure.rethrow();
  return costs;
}

}  // namespace

template <class T>
std::vector<int128> removal_costs(const FitSetting<T>& setting, const Centroids& centroids) {
  std::vector<int128> costs = comm::agree(setting.comm, [&] { return local_costs(setting, centroids); });
  setting.comm.allreduce_sum(std::span(costs));
  return costs;
}

template std::vector<int128> removal_costs<float>(const FitSetting<float>&, const Centroids&);
template std::vector<int128> removal_costs<double>(const FitSetting<double>&, const Centroids&);

}  // namespace cardseg::cluster
