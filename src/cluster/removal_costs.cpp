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

// Of this rank: costs on the grid by segment, and behind them its customers.
template <class T>
std::vector<int128> local_costs(const FitSetting<T>& setting, const Centroids& centroids,
                                const core::FixedPoint& grid) {
  const portfolio::FeatureMatrix<T>& matrix = setting.matrix;
  const auto segments = static_cast<std::size_t>(centroids.segments);
  std::vector<int128> costs(2 * segments);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<int128> mine;
    const bool is_ready = failure.guard([&] { mine.resize(2 * segments); });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < (matrix.rows() + tile_rows - 1) / tile_rows; ++t) {
      if (!is_ready) continue;
      NearestTile answer;
      find_nearest(matrix.tile(t), centroids, answer);
      for (std::int64_t i = 0; i < std::min(tile_rows, matrix.rows() - t * tile_rows); ++i) {
        const auto segment = static_cast<std::size_t>(answer.first[i]);
        mine[segment] += grid.round(answer.second_distance[i] - answer.first_distance[i]);
        mine[segments + segment] += 1;
      }
      matrix.done_with(t);
    }
#pragma omp critical(cardseg_removal_costs)
    for (std::size_t j = 0; is_ready && j < costs.size(); ++j) costs[j] += mine[j];
  }
  failure.rethrow();
  return costs;
}

}  // namespace

template <class T>
std::vector<Removal> removal_costs(const FitSetting<T>& setting, const Centroids& centroids) {
  const double largest = largest_distance(setting.basis.grids, centroids);
  const auto grid = core::FixedPoint::for_values(largest, setting.basis.customers);
  std::vector<int128> sums = comm::agree(setting.comm, [&] { return local_costs(setting, centroids, grid); });
  setting.comm.allreduce_sum(std::span(sums));
  const auto segments = static_cast<std::size_t>(centroids.segments);
  std::vector<double> mass(segments);
  for (std::size_t j = 0; j < segments; ++j) mass[j] = mass_of(static_cast<std::int64_t>(sums[segments + j]));
  std::vector<Removal> removals = merge_costs(centroids, mass);
  for (std::size_t j = 0; j < segments; ++j) removals[j].cost = std::min(removals[j].cost, grid.value(sums[j]));
  return removals;
}

std::vector<Removal> merge_costs(const Centroids& means, const std::vector<double>& mass) {
  std::vector<Removal> removals(mass.size());
  for (int a = 0; a < means.segments; ++a) {
    Removal& removal = removals[static_cast<std::size_t>(a)];
    const double mine = mass[static_cast<std::size_t>(a)];
    if (mine == 0) removal.cost = 0.0;
    for (int b = 0; b < means.segments; ++b) {
      const double theirs = mass[static_cast<std::size_t>(b)];
      if (a == b || mine == 0 || theirs == 0) continue;
      const double apart = squared_distance(means.row(a), means.row(b), means.features);
      const double cost = mine * theirs / (mine + theirs) * apart;
      if (cost < removal.cost) removal = {cost, b};
    }
  }
  return removals;
}

template std::vector<Removal> removal_costs<float>(const FitSetting<float>&, const Centroids&);
template std::vector<Removal> removal_costs<double>(const FitSetting<double>&, const Centroids&);

}  // namespace cardseg::cluster
