#include "cardseg/cluster/seeding.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_set>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/interruption.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/core/range.hpp"
#include "cluster/greedy_draw.hpp"
#include "cluster/masses.hpp"
#include "cluster/parallel_seeding.hpp"

namespace cardseg::cluster {
namespace {

using comm::Communicator;
using core::Purpose;
using core::RowRandom;
using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int64_t no_row = std::numeric_limits<std::int64_t>::max();

std::vector<std::int64_t> draw_rows(std::int64_t customers, int segments, const RowRandom& random) {
  std::vector<std::int64_t> rows;
  for (std::uint32_t draw = 0; static_cast<int>(rows.size()) < segments; ++draw) {
    const std::int64_t row = draw_by_weight(customers, random.bits(0, draw));
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }
  return rows;
}

template <class T>
Centroids seed_plusplus(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t customers, int segments,
                        const RowRandom& random) {
  Centroids seeds(segments, matrix.features());
  Masses<T> masses(comm, matrix, MassNumbers::none);
  std::int64_t row = draw_by_weight(customers, random.bits(0, 0));
  for (int j = 0; j < segments; ++j) {
    comm::hear_interruption(comm);
    std::ranges::copy(fetch_point(comm, matrix, row), seeds.row(j));
    if (j + 1 == segments) break;
    masses.add(seeds.row(j));
    row = masses.draw(random.bits(0, static_cast<std::uint32_t>(j + 1)));
  }
  return seeds;
}

// Greedy k-means++: each step draws `2 + floor(ln k)` customers and keeps the one that leaves the least mass (the first
// drawn on ties).
template <class T>
Centroids seed_greedy(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t customers, int segments,
                      const RowRandom& random) {
  Centroids seeds(segments, matrix.features());
  Masses<T> masses(comm, matrix, MassNumbers::none);
  const std::int64_t first = draw_by_weight(customers, random.bits(0, 0));
  std::ranges::copy(fetch_point(comm, matrix, first), seeds.row(0));
  for (int j = 1; j < segments; ++j) {
    comm::hear_interruption(comm);
    masses.add(seeds.row(j - 1));
    std::ranges::copy(draw_greedily(comm, matrix, masses, {random, j, greedy_draws(segments)}), seeds.row(j));
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
Centroids fetch_points(const Communicator& comm, const FeatureMatrix<T>& matrix,
                       const std::vector<std::int64_t>& global_rows) {
  // Each number is its owner's bits plus zeros of all others, so one sum brings everything everywhere.
  Centroids points(static_cast<int>(global_rows.size()), matrix.features());
  std::vector<std::int64_t> bits(points.values.size());
  for (std::size_t j = 0; j < global_rows.size(); ++j) {
    if (!matrix.global_rows().contains(global_rows[j])) continue;
    const std::vector<double> point = matrix.point(global_rows[j] - matrix.global_rows().begin);
    for (std::size_t f = 0; f < point.size(); ++f) bits[j * point.size() + f] = std::bit_cast<std::int64_t>(point[f]);
  }
  comm.allreduce_sum(std::span(bits));
  std::ranges::transform(bits, points.values.begin(), [](std::int64_t each) { return std::bit_cast<double>(each); });
  return points;
}

int greedy_draws(int segments) { return 2 + static_cast<int>(std::log(segments)); }

template <class T>
std::int64_t count_distinct(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t enough) {
  const std::vector<std::int64_t> local_rows = local_distinct_rows(matrix, enough);
  // Nearly always one rank alone has enough.
  if (comm.max(static_cast<std::int64_t>(local_rows.size())) >= enough) return enough;
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
Centroids draw_seeds(const Communicator& comm, const FeatureMatrix<T>& matrix, const FitOptions& options, int restart) {
  const std::int64_t customers = comm.sum(matrix.rows());
  const auto attempt = static_cast<std::uint32_t>(restart);
  switch (options.seeding) {
    case Seeding::plusplus:
      return seed_plusplus(comm, matrix, customers, options.segments,
                           RowRandom(options.seed, Purpose::seeding, attempt));
    case Seeding::parallel: return seed_parallel(comm, matrix, options, attempt);
    case Seeding::greedy:
      return seed_greedy(comm, matrix, customers, options.segments,
                         RowRandom(options.seed, Purpose::greedy_seeding, attempt));
    case Seeding::random:
      return fetch_points(
          comm, matrix,
          draw_rows(customers, options.segments, RowRandom(options.seed, Purpose::random_seeding, attempt)));
    case Seeding::first: {
      std::vector<std::int64_t> rows;
      for (int j = 0; j < options.segments; ++j) rows.push_back(j);
      return fetch_points(comm, matrix, rows);
    }
    case Seeding::refined:
    case Seeding::file: break;
  }
  throw core::Error(core::ExitCode::internal,
                    std::string("centroids of seeding ") + name_of(options.seeding) + " are not drawn");
}

#define CARDSEG_INSTANTIATE(T)                                                                                        \
  template Centroids draw_seeds<T>(const Communicator&, const FeatureMatrix<T>&, const FitOptions&, int);             \
  template std::vector<double> fetch_point<T>(const Communicator&, const FeatureMatrix<T>&, std::int64_t);            \
  template Centroids fetch_points<T>(const Communicator&, const FeatureMatrix<T>&, const std::vector<std::int64_t>&); \
  template std::int64_t count_distinct<T>(const Communicator&, const FeatureMatrix<T>&, std::int64_t);                \
  template void update_least_distances<T>(const FeatureMatrix<T>&, const std::vector<double>&, std::vector<double>&)
CARDSEG_INSTANTIATE(float);
CARDSEG_INSTANTIATE(double);
#undef CARDSEG_INSTANTIATE

}  // namespace cardseg::cluster
