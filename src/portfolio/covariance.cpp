#include "cardseg/portfolio/covariance.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::portfolio {
namespace {

using comm::Communicator;
using core::FixedPoint;
using core::int128;

constexpr std::int64_t block_rows = 4096;  // as many additions as a 64-bit integer takes on every grid

// [block of rows]: the local rows that are looked at.
using Drawn = std::vector<std::vector<std::int64_t>>;

// The rows whose own bits are below `limit`; all where there is none.
Drawn local_draw(core::Range mine, const core::RowRandom& random, std::optional<std::uint64_t> limit) {
  Drawn drawn(static_cast<std::size_t>((mine.size() + block_rows - 1) / block_rows));
  core::ThreadFailure failure;
#pragma omp parallel for schedule(static)
  for (std::size_t b = 0; b < drawn.size(); ++b)
    failure.guard([&] {
      const std::int64_t begin = static_cast<std::int64_t>(b) * block_rows;
      for (std::int64_t i = begin; i < std::min(mine.size(), begin + block_rows); ++i)
        if (!limit || random.bits(mine.begin + i) < *limit) drawn[b].push_back(i);
    });
  failure.rethrow();
  return drawn;
}

// Local. What `empty` becomes by add(features) of every row that is looked at, end_block() behind each block, and
// join() of what threads found, in any order.
template <class T, class Found>
Found look_at(const FeatureMatrix<T>& matrix, const Drawn& drawn, const Found& empty) {
  Found found = empty;
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::optional<Found> mine;
    std::vector<double> features;
    const bool is_ready = failure.guard([&] {
      mine.emplace(empty);
      features.resize(static_cast<std::size_t>(matrix.features()));
    });
#pragma omp for schedule(static) nowait
    for (std::size_t b = 0; b < drawn.size(); ++b) {
      if (!is_ready || drawn[b].empty()) continue;
      for (const std::int64_t row : drawn[b]) {
        for (int f = 0; f < matrix.features(); ++f)
          features[static_cast<std::size_t>(f)] = static_cast<double>(matrix.at(row, f));
        mine->add(features);
      }
      mine->end_block();
      const std::int64_t tile = static_cast<std::int64_t>(b) * (block_rows / tile_rows);
      matrix.release(tile, std::min(matrix.tiles(), tile + block_rows / tile_rows));
    }
#pragma omp critical(cardseg_covariance)
    if (is_ready) found.join(*mine);
  }
  failure.rethrow();
  return found;
}

struct Ranges {
  std::vector<double> lowest;
  std::vector<double> highest;

  explicit Ranges(std::size_t features) : lowest(features, HUGE_VAL), highest(features, -HUGE_VAL) {}
  void add(const std::vector<double>& x) { widen(x, x); }
  void end_block() {}
  void join(const Ranges& other) { widen(other.lowest, other.highest); }

 private:
  void widen(const std::vector<double>& low, const std::vector<double>& high) {
    for (std::size_t f = 0; f < low.size(); ++f) {
      lowest[f] = std::min(lowest[f], low[f]);
      highest[f] = std::max(highest[f], high[f]);
    }
  }
};

// Sums of what of(x, table) adds to a table of integers for the features of a row, no more than once to each entry.
template <class Of>
struct Sums {
  Of of;
  std::vector<std::int64_t> table;
  std::vector<int128> sums;

  Sums(std::size_t entries, Of what) : of(what), table(entries), sums(entries) {}
  void add(std::vector<double>& x) { of(x, table); }
  void end_block() {
    for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += table[s];
    std::ranges::fill(table, 0);
  }
  void join(const Sums& other) {
    for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += other.sums[s];
  }
};

// Collective.
template <class T>
Ranges find_ranges(const Communicator& comm, const FeatureMatrix<T>& matrix, const Drawn& drawn) {
  Ranges ranges =
      comm::agree(comm, [&] { return look_at(matrix, drawn, Ranges(static_cast<std::size_t>(matrix.features()))); });
  comm.allreduce_min(std::span(ranges.lowest));
  comm.allreduce_max(std::span(ranges.highest));
  return ranges;
}

// Collective. [entry]: the sum over all rows that are looked at, divided by their number.
template <class T, class Of>
std::vector<double> find_averages(const Communicator& comm, const FeatureMatrix<T>& matrix, const Drawn& drawn,
                                  const std::vector<FixedPoint>& grids, std::int64_t customers, Of of) {
  std::vector<int128> sums = comm::agree(comm, [&] { return look_at(matrix, drawn, Sums(grids.size(), of)).sums; });
  comm.allreduce_sum(std::span(sums));
  std::vector<double> averages;
  for (std::size_t s = 0; s < sums.size(); ++s)
    averages.push_back(grids[s].value(sums[s]) / static_cast<double>(customers));
  return averages;
}

std::vector<FixedPoint> grids_for(const std::vector<double>& largest, std::int64_t customers) {
  std::vector<FixedPoint> grids;
  for (const double magnitude : largest) grids.push_back(FixedPoint::for_values(magnitude, customers));
  return grids;
}

// [feature]: the largest |x - from|; rounding keeps order.
std::vector<double> farthest(const Ranges& ranges, const std::vector<double>& from) {
  std::vector<double> largest;
  for (std::size_t f = 0; f < from.size(); ++f)
    largest.push_back(std::max(std::abs(ranges.lowest[f] - from[f]), std::abs(ranges.highest[f] - from[f])));
  return largest;
}

// [pair f <= g], row by row.
std::vector<double> products(const std::vector<double>& values) {
  std::vector<double> pairs;
  for (std::size_t f = 0; f < values.size(); ++f)
    for (std::size_t g = f; g < values.size(); ++g) pairs.push_back(values[f] * values[g]);
  return pairs;
}

std::vector<double> symmetric(const std::vector<double>& pairs, std::size_t features) {
  std::vector<double> values(features * features);
  std::size_t pair = 0;
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t g = f; g < features; ++g, ++pair)
      values[f * features + g] = values[g * features + f] = pairs[pair];
  return values;
}

// Collective. Fills mean and values from the customers that are looked at.
template <class T>
void fill(const Communicator& comm, const FeatureMatrix<T>& matrix, const Drawn& drawn, Covariance& covariance) {
  const std::int64_t customers = covariance.customers;
  const std::vector<double> origin(static_cast<std::size_t>(matrix.features()));
  const Ranges ranges = find_ranges(comm, matrix, drawn);
  const std::vector<FixedPoint> value_grids = grids_for(farthest(ranges, origin), customers);
  covariance.mean = find_averages(comm, matrix, drawn, value_grids, customers,
                                  [&](const std::vector<double>& x, std::vector<std::int64_t>& table) {
                                    for (std::size_t f = 0; f < x.size(); ++f) table[f] += value_grids[f].round(x[f]);
                                  });
  const std::vector<FixedPoint> grids = grids_for(products(farthest(ranges, covariance.mean)), customers);
  const std::vector<double> pairs = find_averages(comm, matrix, drawn, grids, customers,
                                                  [&](std::vector<double>& x, std::vector<std::int64_t>& table) {
                                                    for (std::size_t f = 0; f < x.size(); ++f)
                                                      x[f] -= covariance.mean[f];
                                                    std::size_t pair = 0;
                                                    for (std::size_t f = 0; f < x.size(); ++f)
                                                      for (std::size_t g = f; g < x.size(); ++g, ++pair)
                                                        table[pair] += grids[pair].round(x[f] * x[g]);
                                                  });
  covariance.values = symmetric(pairs, origin.size());
}

std::int64_t size_of(const Drawn& drawn) {
  std::int64_t size = 0;
  for (const std::vector<std::int64_t>& rows : drawn) size += std::ssize(rows);
  return size;
}

}  // namespace

double Covariance::correlation(int f, int g) const {
  const double spread = std::sqrt(variance(f)) * std::sqrt(variance(g));
  return spread > 0 ? std::clamp(at(f, g) / spread, -1.0, 1.0) : std::nan("");
}

template <class T>
std::optional<Covariance> compute_covariance(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                             std::uint64_t seed, std::int64_t most_customers) {
  const std::int64_t all = comm.sum(matrix.rows());
  if (all == 0 || matrix.features() > most_covariance_features) return std::nullopt;
  std::optional<std::uint64_t> limit;
  if (all > most_customers) limit = static_cast<std::uint64_t>((int128{most_customers} << 64) / all);
  const core::RowRandom random(seed, core::Purpose::covariance);
  const Drawn drawn = comm::agree(comm, [&] { return local_draw(matrix.global_rows(), random, limit); });
  Covariance covariance;
  covariance.features = matrix.features();
  covariance.customers = comm.sum(size_of(drawn));
  covariance.is_of_sample = limit.has_value();
  if (covariance.customers == 0) return std::nullopt;
  fill(comm, matrix, drawn, covariance);
  return covariance;
}

std::vector<double> eigenvalues(const Covariance& covariance) {
  const Eigen::Map<const Eigen::MatrixXd> matrix(covariance.values.data(), covariance.features, covariance.features);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
  std::vector<double> values(solver.eigenvalues().begin(), solver.eigenvalues().end());
  std::ranges::reverse(values);
  return values;
}

template std::optional<Covariance> compute_covariance<float>(const Communicator&, const FeatureMatrix<float>&,
                                                             std::uint64_t, std::int64_t);
template std::optional<Covariance> compute_covariance<double>(const Communicator&, const FeatureMatrix<double>&,
                                                              std::uint64_t, std::int64_t);

}  // namespace cardseg::portfolio
