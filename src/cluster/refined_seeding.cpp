#include "cluster/refined_seeding.hpp"

#include <algorithm>
#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "cluster/column_kernels.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;

constexpr std::int64_t tile_rows = 16;
constexpr std::int64_t block_rows = column_block_tiles * tile_rows;
constexpr std::int64_t least_sample = 65536;
constexpr std::int64_t customers_a_segment = 256;
constexpr std::int64_t least_gain = 4;  // customers for each one of the sample
constexpr int most_iterations = 100;
// Iterations that change the inertia by less would follow the sample's chance, not the customers.
constexpr double tolerance = 1e-6;

// The local rows whose random number is below `limit`: who is drawn depends on the seed and the global row alone.
std::vector<std::int64_t> draw_rows(core::Range rows, std::uint64_t limit, std::uint64_t seed) {
  const core::RowRandom random(seed, core::Purpose::refining);
  std::vector<std::vector<std::int64_t>> drawn(static_cast<std::size_t>((rows.size() + block_rows - 1) / block_rows));
#pragma omp parallel for schedule(static)
  for (std::size_t b = 0; b < drawn.size(); ++b) {
    const std::int64_t begin = static_cast<std::int64_t>(b) * block_rows;
    for (std::int64_t row = begin; row < std::min(rows.size(), begin + block_rows); ++row)
      if (random.bits(rows.begin + row) < limit) drawn[b].push_back(row);
  }
  std::vector<std::int64_t> all;
  for (const std::vector<std::int64_t>& each : drawn) all.insert(all.end(), each.begin(), each.end());
  return all;
}

// The sample's rows of this rank; `before`: those of the ranks before it. `rows` ascend.
template <class T>
FeatureMatrix<T> take(const FeatureMatrix<T>& matrix, const std::vector<std::int64_t>& rows, std::int64_t before) {
  FeatureMatrix<T> sample({before, before + static_cast<std::int64_t>(rows.size())}, matrix.features());
#pragma omp parallel for schedule(static)
  for (std::int64_t t = 0; t < matrix.tiles(); t += column_block_tiles) {
    const std::int64_t end = std::min(matrix.tiles(), t + column_block_tiles);
    const auto first = std::ranges::lower_bound(rows, t * tile_rows);
    for (auto row = first; row != rows.end() && *row < end * tile_rows; ++row)
      for (int f = 0; f < matrix.features(); ++f) sample.at(row - rows.begin(), f) = matrix.at(*row, f);
    matrix.release(t, end);
  }
  return sample;
}

}  // namespace

std::int64_t refining_sample(const FitOptions& options, std::int64_t customers) {
  const std::int64_t wanted = std::max(least_sample, options.segments * customers_a_segment);
  return options.seeding == Seeding::refined && options.segments > 1 && customers >= least_gain * wanted ? wanted : 0;
}

template <class T>
void RefinedSeeding<T>::draw(std::int64_t expected, std::int64_t customers, std::uint64_t seed) {
  sample_.reset();
  const auto limit = static_cast<std::uint64_t>((core::int128{expected} << 64) / customers);
  const auto rows = comm::agree(comm_, [&] { return draw_rows(matrix_.global_rows(), limit, seed); });
  const auto before = static_cast<std::int64_t>(comm_.exscan_sum(static_cast<std::int64_t>(rows.size())));
  sample_ = comm::agree(comm_, [&] { return take(matrix_, rows, before); });
  expected_ = expected;
  seed_ = seed;
}

template <class T>
Centroids RefinedSeeding<T>::make(const FitOptions& options, int restart) {
  FitOptions inner = options;
  inner.seeding = Seeding::plusplus;
  const std::int64_t customers = comm_.sum(matrix_.rows());
  const std::int64_t expected = refining_sample(options, customers);
  if (expected == 0) return make_seeds(comm_, matrix_, inner, restart);
  if (!sample_ || expected != expected_ || options.seed != seed_) draw(expected, customers, options.seed);
  if (count_distinct(comm_, *sample_, options.segments) < options.segments)
    return make_seeds(comm_, matrix_, inner, restart);
  const Centroids drawn = make_seeds(comm_, *sample_, inner, restart);
  inner.seeding = Seeding::file;
  inner.algorithm = Algorithm::plain;  // nothing to gain: a sample fits in the caches
  inner.max_iterations = most_iterations;
  inner.tolerance = tolerance;
  inner.stop_losers = 0.0;
  core::Events silence;
  return fit(comm_, *sample_, inner, drawn, silence).centroids;
}

template class RefinedSeeding<float>;
template class RefinedSeeding<double>;

}  // namespace cardseg::cluster
