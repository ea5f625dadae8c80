#include "cardseg/cluster/seeding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_set>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/portfolio/exact_statistics.hpp"

namespace cardseg::cluster {
namespace {

using comm::Communicator;
using core::int128;
using core::Purpose;
using core::RowRandom;
using portfolio::FeatureMatrix;

constexpr std::int64_t tile_rows = 16;
constexpr std::int64_t no_row = std::numeric_limits<std::int64_t>::max();

// The local row in which the running sum of masses passes `target`.
std::int64_t find_mass(const core::FixedPoint& grid, const std::vector<double>& distances, std::int64_t rows,
                       int128 target) {
  int128 sum = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    sum += grid.round(distances[static_cast<std::size_t>(i)]);
    if (sum > target) return i;
  }
  return -1;
}

// A global row drawn with probability mass / total mass; all ranks get it.
template <class T>
std::int64_t draw_by_mass(const Communicator& comm, const FeatureMatrix<T>& matrix,
                          const std::vector<double>& distances, std::int64_t customers, std::uint64_t random_bits) {
  const auto distance = [&](std::int64_t i) { return distances[static_cast<std::size_t>(i)]; };
  const double largest = comm.max(portfolio::local_max_magnitude(matrix.rows(), distance));
  const core::FixedPoint grid = core::FixedPoint::for_values(largest, customers);
  const int128 local_mass = portfolio::local_exact_sum(grid, matrix.rows(), distance);
  const int128 before = comm.exscan_sum(local_mass);
  int128 total = local_mass;
  comm.allreduce_sum(std::span(&total, 1));
  if (total == 0) {
    core::Error error(core::ExitCode::bad_data, "customers differ by so little that their squared distances vanish");
    throw comm::AgreedError(error.remedy("Use scale = zscore for the columns, or fewer segments"));
  }
  const int128 target = core::scaled_draw(random_bits, total) - before;
  const bool is_here = target >= 0 && target < local_mass;
  const std::int64_t row =
      is_here ? matrix.global_rows().begin + find_mass(grid, distances, matrix.rows(), target) : no_row;
  return comm.min(row);
}

template <class T>
Centroids seeds_from_rows(const Communicator& comm, const FeatureMatrix<T>& matrix,
                          const std::vector<std::int64_t>& rows) {
  Centroids seeds(static_cast<int>(rows.size()), matrix.features());
  for (std::size_t j = 0; j < rows.size(); ++j)
    std::ranges::copy(fetch_point(comm, matrix, rows[j]), seeds.row(static_cast<int>(j)));
  return seeds;
}

std::vector<std::int64_t> draw_rows(std::int64_t customers, int segments, const RowRandom& random) {
  std::vector<std::int64_t> rows;
  for (std::uint32_t draw = 0; static_cast<int>(rows.size()) < segments; ++draw) {
    const auto row = static_cast<std::int64_t>(core::scaled_draw(random.bits(0, draw), customers));
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }
  return rows;
}

template <class T>
Centroids seed_plusplus(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t customers, int segments,
                        const RowRandom& random) {
  Centroids seeds(segments, matrix.features());
  std::vector<double> distances(static_cast<std::size_t>(matrix.tiles() * tile_rows), HUGE_VAL);
  auto row = static_cast<std::int64_t>(core::scaled_draw(random.bits(0, 0), customers));
  for (int j = 0; j < segments; ++j) {
    const std::vector<double> point = fetch_point(comm, matrix, row);
    std::ranges::copy(point, seeds.row(j));
    if (j + 1 == segments) break;
    update_least_distances(matrix, point, distances);
    row = draw_by_mass(comm, matrix, distances, customers, random.bits(0, static_cast<std::uint32_t>(j + 1)));
  }
  return seeds;
}

// The local rows that differ from all local rows before them, up to `enough` of them.
template <class T>
std::vector<std::int64_t> local_distinct_rows(const FeatureMatrix<T>& matrix, std::int64_t enough) {
  const auto hash = [&](std::int64_t row) {
    std::uint64_t h = 1469598103934665603u;
    for (int f = 0; f < matrix.features(); ++f)
      h = (h ^ std::hash<T>()(matrix.at(row, f) + T{0})) * 1099511628211u;  // + 0: -0 equals 0
    return static_cast<std::size_t>(h);
  };
  const auto is_equal = [&](std::int64_t a, std::int64_t b) {
    for (int f = 0; f < matrix.features(); ++f)
      if (matrix.at(a, f) != matrix.at(b, f)) return false;
    return true;
  };
  std::unordered_set<std::int64_t, decltype(hash), decltype(is_equal)> seen(64, hash, is_equal);
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < matrix.rows() && static_cast<std::int64_t>(rows.size()) < enough; ++row) {
    if (seen.insert(row).second) rows.push_back(row);
    if ((row + 1) % tile_rows == 0) matrix.done_with(row / tile_rows);
  }
  return rows;
}

}  // namespace

template <class T>
std::vector<double> fetch_point(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t global_row) {
  const bool is_here = matrix.global_rows().contains(global_row);
  const std::int64_t owner = comm.max(is_here ? std::int64_t{comm.rank()} : std::int64_t{-1});
  if (owner < 0) throw core::Error(core::ExitCode::internal, "no rank holds row " + std::to_string(global_row));
  std::vector<double> point(static_cast<std::size_t>(matrix.features()));
  if (is_here) point = matrix.point(global_row - matrix.global_rows().begin);
  comm.broadcast(std::span(point), static_cast<int>(owner));
  return point;
}

template <class T>
std::int64_t count_distinct(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t enough) {
  const std::vector<std::int64_t> local_rows = local_distinct_rows(matrix, enough);
  std::vector<std::vector<double>> known;
  std::size_t next = 0;
  // Each round takes the lowest row that equals no known point; ranks skip their rows that a round made known.
  while (static_cast<std::int64_t>(known.size()) < enough) {
    while (next < local_rows.size() && std::ranges::find(known, matrix.point(local_rows[next])) != known.end()) ++next;
    const std::int64_t candidate = next < local_rows.size() ? matrix.global_rows().begin + local_rows[next] : no_row;
    const std::int64_t row = comm.min(candidate);
    if (row == no_row) break;
    known.push_back(fetch_point(comm, matrix, row));
  }
  return static_cast<std::int64_t>(known.size());
}

Farthest find_farthest(const Communicator& comm, const std::vector<double>& local_distances, std::int64_t rows,
                       std::int64_t first_global_row) {
  Farthest local;
  for (std::int64_t i = 0; i < rows; ++i)
    if (local_distances[static_cast<std::size_t>(i)] > local.distance)
      local = {first_global_row + i, local_distances[static_cast<std::size_t>(i)]};
  const double distance = comm.max(local.distance);
  const std::int64_t row = comm.min(local.row >= 0 && local.distance == distance ? local.row : no_row);
  return row == no_row ? Farthest{} : Farthest{row, distance};
}

template <class T>
void update_least_distances(const FeatureMatrix<T>& matrix, const std::vector<double>& point,
                            std::vector<double>& distances) {
#pragma omp parallel for schedule(static)
  for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
    update_least_distance(matrix.tile(t), point.data(), matrix.features(), distances.data() + t * tile_rows);
    matrix.done_with(t);
  }
}

template <class T>
Centroids make_seeds(const Communicator& comm, const FeatureMatrix<T>& matrix, const FitOptions& options, int restart) {
  const std::int64_t customers = comm.sum(matrix.rows());
  const auto attempt = static_cast<std::uint32_t>(restart);
  switch (options.seeding) {
    case Seeding::plusplus:
      return seed_plusplus(comm, matrix, customers, options.segments,
                           RowRandom(options.seed, Purpose::seeding, attempt));
    case Seeding::random:
      return seeds_from_rows(
          comm, matrix,
          draw_rows(customers, options.segments, RowRandom(options.seed, Purpose::random_seeding, attempt)));
    case Seeding::first: {
      std::vector<std::int64_t> rows;
      for (int j = 0; j < options.segments; ++j) rows.push_back(j);
      return seeds_from_rows(comm, matrix, rows);
    }
    case Seeding::file: break;
  }
  throw core::Error(core::ExitCode::internal, "centroids of a file are given, not made");
}

#define CARDSEG_INSTANTIATE(T)                                                                             \
  template Centroids make_seeds<T>(const Communicator&, const FeatureMatrix<T>&, const FitOptions&, int);  \
  template std::vector<double> fetch_point<T>(const Communicator&, const FeatureMatrix<T>&, std::int64_t); \
  template std::int64_t count_distinct<T>(const Communicator&, const FeatureMatrix<T>&, std::int64_t);     \
  template void update_least_distances<T>(const FeatureMatrix<T>&, const std::vector<double>&, std::vector<double>&)
CARDSEG_INSTANTIATE(float);
CARDSEG_INSTANTIATE(double);
#undef CARDSEG_INSTANTIATE

}  // namespace cardseg::cluster
