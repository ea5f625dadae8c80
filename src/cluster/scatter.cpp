#include "cluster/scatter.hpp"

#include <algorithm>
#include <cmath>

namespace cardseg::cluster {
namespace {

using core::int128;
using portfolio::FeatureMatrix;

constexpr std::int64_t tile_rows = 16;

// sums[f] = sum over this rank's customers of grids[f].round(value(x, f)), tile by tile.
template <class T, class Value>
std::vector<int128> local_sums(const FeatureMatrix<T>& matrix, const std::vector<core::FixedPoint>& grids,
                               Value value) {
  const std::int64_t tiles = (matrix.rows() + tile_rows - 1) / tile_rows;
  const std::int64_t block =
      std::max<std::int64_t>(1, std::min<std::int64_t>(grids.front().max_additions(), 4096) / tile_rows);
  const std::int64_t blocks = (tiles + block - 1) / block;
  std::vector<int128> sums(grids.size());
#pragma omp parallel
  {
    std::vector<int128> mine(grids.size());
#pragma omp for schedule(static) nowait
    for (std::int64_t b = 0; b < blocks; ++b) {
      for (std::size_t f = 0; f < grids.size(); ++f) {
        std::int64_t narrow = 0;  // no more additions than it can take
        for (std::int64_t t = b * block; t < std::min(tiles, (b + 1) * block); ++t) {
          const T* x = matrix.tile(t) + static_cast<std::int64_t>(f) * tile_rows;
          const std::int64_t rows = std::min(tile_rows, matrix.rows() - t * tile_rows);
          for (std::int64_t i = 0; i < rows; ++i) narrow += grids[f].round(value(static_cast<double>(x[i]), f));
        }
        mine[f] += narrow;
      }
      matrix.release(b * block, std::min(tiles, (b + 1) * block));
    }
#pragma omp critical(cardseg_scatter)
    for (std::size_t f = 0; f < sums.size(); ++f) sums[f] += mine[f];
  }
  return sums;
}

// largest[f] = the largest |x - mean[f]| of this rank's customers.
template <class T>
std::vector<double> local_largest_deviations(const FeatureMatrix<T>& matrix, const std::vector<double>& mean) {
  std::vector<double> largest(mean.size(), 0.0);
#pragma omp parallel
  {
    std::vector<double> mine(mean.size(), 0.0);
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < (matrix.rows() + tile_rows - 1) / tile_rows; ++t) {
      for (std::size_t f = 0; f < mean.size(); ++f) {
        const T* x = matrix.tile(t) + static_cast<std::int64_t>(f) * tile_rows;
        const std::int64_t rows = std::min(tile_rows, matrix.rows() - t * tile_rows);
        for (std::int64_t i = 0; i < rows; ++i)
          mine[f] = std::max(mine[f], std::abs(static_cast<double>(x[i]) - mean[f]));
      }
      matrix.done_with(t);
    }
#pragma omp critical(cardseg_deviations)
    for (std::size_t f = 0; f < mean.size(); ++f) largest[f] = std::max(largest[f], mine[f]);
  }
  return largest;
}

}  // namespace

template <class T>
Scatter compute_scatter(const comm::Communicator& comm, const FeatureMatrix<T>& matrix, const SumGrids& grids,
                        std::int64_t customers) {
  Scatter scatter;
  std::vector<int128> sums = local_sums(matrix, grids.feature, [](double x, std::size_t) { return x; });
  comm.allreduce_sum(std::span(sums));
  for (std::size_t f = 0; f < sums.size(); ++f)
    scatter.mean.push_back(grids.feature[f].value(sums[f]) / static_cast<double>(customers));
  // The grid of the squares follows the deviations: far from the origin they are much smaller than the features.
  std::vector<double> largest = local_largest_deviations(matrix, scatter.mean);
  comm.allreduce_max(std::span(largest));
  std::vector<core::FixedPoint> squared_grids;
  for (double deviation : largest)
    squared_grids.push_back(core::FixedPoint::for_values(deviation * deviation, customers));
  sums = local_sums(matrix, squared_grids, [&](double x, std::size_t f) {
    const double difference = x - scatter.mean[f];
    return difference * difference;
  });
  comm.allreduce_sum(std::span(sums));
  for (std::size_t f = 0; f < sums.size(); ++f) scatter.total += squared_grids[f].value(sums[f]);
  return scatter;
}

template Scatter compute_scatter<float>(const comm::Communicator&, const FeatureMatrix<float>&, const SumGrids&,
                                        std::int64_t);
template Scatter compute_scatter<double>(const comm::Communicator&, const FeatureMatrix<double>&, const SumGrids&,
                                         std::int64_t);

double compute_inertia(const Scatter& scatter, const SegmentSums& sums, const Centroids& centroids) {
  double between = 0.0;
  for (int j = 0; j < centroids.segments; ++j) {
    double squared = 0.0;
    for (int f = 0; f < centroids.features; ++f) {
      const double difference = centroids.row(j)[f] - scatter.mean[static_cast<std::size_t>(f)];
      squared += difference * difference;
    }
    between += static_cast<double>(sums.counts[static_cast<std::size_t>(j)]) * squared;
  }
  return std::max(0.0, scatter.total - between);
}

}  // namespace cardseg::cluster
