#include "cluster/scatter.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cluster/column_kernels.hpp"

namespace cardseg::cluster {
namespace {

using core::int128;
using portfolio::FeatureMatrix;
using portfolio::tile_rows;

std::vector<double> factors_of(const std::vector<core::FixedPoint>& grids) {
  std::vector<double> factors;
  for (const core::FixedPoint& grid : grids) factors.push_back(grid.factor());
  return factors;
}

// Local. sums[f] = sum over this rank's customers of grids[f].round(of(x)), each of weight 1. add(run, lanes): a kernel
// that adds it for a run of full tiles to [feature][16] lanes; of(x, f): the same for one customer of the last, partly
// filled tile.
template <class T, class Add, class Value>
std::vector<int128> local_sums(const FeatureMatrix<T>& matrix, const std::vector<core::FixedPoint>& grids, Add add,
                               Value of) {
  const std::int64_t full = matrix.rows() / tile_rows;
  std::vector<int128> sums(grids.size());
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<int128> mine;
    std::vector<std::int64_t> lanes;
    const bool is_ready = failure.guard([&] {
      mine.resize(grids.size());
      lanes.resize(grids.size() * tile_rows);
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < full; t += column_block_tiles) {
      if (!is_ready) continue;
      add(TileRun<T>{matrix.tile(t), std::min(column_block_tiles, full - t), matrix.features()}, lanes.data());
      for (std::size_t i = 0; i < lanes.size(); ++i) mine[i / tile_rows] += lanes[i];
      std::fill(lanes.begin(), lanes.end(), 0);
      matrix.release(t, std::min(full, t + column_block_tiles));
    }
#pragma omp critical(cardseg_scatter)
    for (std::size_t f = 0; is_ready && f < sums.size(); ++f) sums[f] += mine[f];
  }
  failure.rethrow();
  for (std::int64_t row = full * tile_rows; row < matrix.rows(); ++row)
    for (std::size_t f = 0; f < sums.size(); ++f)
      sums[f] += grids[f].round(of(static_cast<double>(matrix.at(row, static_cast<int>(f))), f));
  return sums;
}

// Collective. The same over all customers.
template <class T, class Add, class Value>
std::vector<int128> global_sums(const comm::Communicator& comm, const FeatureMatrix<T>& matrix,
                                const std::vector<core::FixedPoint>& grids, Add add, Value of) {
  std::vector<int128> sums = comm::agree(comm, [&] { return local_sums(matrix, grids, add, of); });
  comm.allreduce_sum(std::span(sums));
  return sums;
}

// The grids of (x - mean)^2. They follow the deviations: far from the origin those are much smaller than the features.
// Rounding keeps order, so the largest |x - mean| is that of the lowest or the highest x.
std::vector<core::FixedPoint> squared_grids(const SumGrids& grids, const std::vector<double>& mean,
                                            std::int64_t customers) {
  std::vector<core::FixedPoint> squared;
  for (std::size_t f = 0; f < mean.size(); ++f) {
    const double deviation = std::max(std::abs(grids.lowest[f] - mean[f]), std::abs(grids.highest[f] - mean[f]));
    squared.push_back(core::FixedPoint::for_values(deviation * deviation, customers));
  }
  return squared;
}

}  // namespace

template <class T>
Scatter compute_scatter(const comm::Communicator& comm, const FeatureMatrix<T>& matrix, const SumGrids& grids,
                        std::int64_t customers) {
  Scatter scatter;
  std::vector<double> factors = factors_of(grids.feature);
  std::vector<int128> sums = global_sums(
      comm, matrix, grids.feature,
      [&](const TileRun<T>& run, std::int64_t* lanes) { add_values(run, factors.data(), lanes); },
      [](double x, std::size_t) { return x; });
  for (std::size_t f = 0; f < sums.size(); ++f)
    scatter.mean.push_back(grids.feature[f].value(sums[f]) / mass_of(customers));
  const std::vector<core::FixedPoint> squared = squared_grids(grids, scatter.mean, customers);
  factors = factors_of(squared);
  sums = global_sums(
      comm, matrix, squared,
      [&](const TileRun<T>& run, std::int64_t* lanes) { add_squares(run, scatter.mean.data(), factors.data(), lanes); },
      [&](double x, std::size_t f) { return (x - scatter.mean[f]) * (x - scatter.mean[f]); });
  for (std::size_t f = 0; f < sums.size(); ++f) scatter.total += squared[f].value(sums[f]);
  return scatter;
}

template Scatter compute_scatter<float>(const comm::Communicator&, const FeatureMatrix<float>&, const SumGrids&,
                                        std::int64_t);
template Scatter compute_scatter<double>(const comm::Communicator&, const FeatureMatrix<double>&, const SumGrids&,
                                         std::int64_t);

double compute_inertia(const Scatter& scatter, const std::vector<double>& mass, const Centroids& means) {
  double between = 0.0;
  for (int j = 0; j < means.segments; ++j) {
    double squared = 0.0;
    for (int f = 0; f < means.features; ++f) {
      const double difference = means.row(j)[f] - scatter.mean[static_cast<std::size_t>(f)];
      squared += difference * difference;
    }
    between += mass[static_cast<std::size_t>(j)] * squared;
  }
  return std::max(0.0, scatter.total - between);
}

}  // namespace cardseg::cluster
