// Plain serial twins of the seedings that draw by mass: one loop a sentence, no kernels, no blocks, no ranks.
#pragma once

#include <cmath>
#include <set>
#include <vector>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "support/make_matrix.hpp"

namespace cardseg::cluster::twin {

using core::int128;
using core::Purpose;
using core::RowRandom;
using support::Rows;
using Point = std::vector<double>;

inline double distance(const Point& a, const Point& b) {
  return squared_distance(a.data(), b.data(), static_cast<int>(a.size()));
}

/// D^2 of each row to the nearest of the points.
inline std::vector<double> distances(const Rows& rows, const Rows& points) {
  std::vector<double> least(rows.size(), HUGE_VAL);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const Point& point : points) least[i] = std::min(least[i], distance(rows[i], point));
  return least;
}

inline std::size_t nearest(const Point& row, const Rows& points) {
  std::size_t best = 0;
  for (std::size_t j = 1; j < points.size(); ++j)
    if (distance(row, points[j]) < distance(row, points[best])) best = j;
  return best;
}

inline core::FixedPoint grid_of(const std::vector<double>& values) {
  double largest = 0.0;
  for (double value : values) largest = std::max(largest, value);
  return core::FixedPoint::for_values(largest, static_cast<std::int64_t>(values.size()));
}

inline std::vector<int128> masses(const std::vector<double>& values, const core::FixedPoint& grid) {
  std::vector<int128> rounded;
  for (double value : values) rounded.push_back(grid.round(value));
  return rounded;
}

inline int128 total(const std::vector<int128>& masses) {
  int128 sum = 0;
  for (int128 mass : masses) sum += mass;
  return sum;
}

inline std::size_t draw(const std::vector<int128>& masses, std::uint64_t bits) {
  const int128 target = core::scaled_draw(bits, total(masses));
  int128 sum = 0;
  std::size_t i = 0;
  while ((sum += masses[i]) <= target) ++i;
  return i;
}

inline Rows seed_greedy(const Rows& rows, const FitOptions& options, std::uint32_t restart) {
  const RowRandom random(options.seed, Purpose::greedy_seeding, restart);
  const int tries = 2 + static_cast<int>(std::log(options.segments));
  Rows seeds = {rows[static_cast<std::size_t>(core::scaled_draw(random.bits(0, 0), std::ssize(rows)))]};
  for (int j = 1; j < options.segments; ++j) {
    const std::vector<double> before = distances(rows, seeds);
    const core::FixedPoint grid = grid_of(before);
    int128 least = -1;
    Point kept;
    for (int i = 0; i < tries; ++i) {
      const Point& point = rows[draw(masses(before, grid), random.bits(j, static_cast<std::uint32_t>(i)))];
      Rows with = seeds;
      with.push_back(point);
      const int128 left = total(masses(distances(rows, with), grid));
      if (least < 0 || left < least) kept = point;
      if (least < 0 || left < least) least = left;
    }
    seeds.push_back(kept);
  }
  return seeds;
}

inline std::vector<int128> weighted(const std::vector<double>& distances, const std::vector<std::int64_t>& weights) {
  std::vector<double> of_weight = distances;
  for (std::size_t i = 0; i < weights.size(); ++i) of_weight[i] *= weights[i] > 0;
  std::vector<int128> products = masses(of_weight, grid_of(of_weight));
  for (std::size_t i = 0; i < weights.size(); ++i) products[i] *= weights[i];
  return products;
}

inline Rows recluster(const Rows& candidates, const std::vector<std::int64_t>& weights, int segments,
                      const RowRandom& random) {
  Rows centroids = {candidates[draw({weights.begin(), weights.end()}, random.bits(0, 0))]};
  while (std::ssize(centroids) < segments)
    centroids.push_back(candidates[draw(weighted(distances(candidates, centroids), weights),
                                        random.bits(0, static_cast<std::uint32_t>(centroids.size())))]);
  for (int iteration = 0; iteration < 20; ++iteration) {
    Rows sums(centroids.size(), Point(candidates.front().size()));
    std::vector<std::int64_t> totals(centroids.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const std::size_t j = nearest(candidates[i], centroids);
      totals[j] += weights[i];
      for (std::size_t f = 0; f < sums[j].size(); ++f) sums[j][f] += static_cast<double>(weights[i]) * candidates[i][f];
    }
    for (std::size_t j = 0; j < centroids.size(); ++j)
      for (std::size_t f = 0; f < sums[j].size() && totals[j] > 0; ++f)
        centroids[j][f] = sums[j][f] / static_cast<double>(totals[j]);
  }
  return centroids;
}

inline Rows seed_parallel(const Rows& rows, const FitOptions& options, std::uint32_t restart) {
  const RowRandom draws(options.seed, Purpose::seeding, restart);
  const RowRandom row_draws(options.seed, Purpose::seeding_rounds, restart);
  Rows candidates = {rows[static_cast<std::size_t>(core::scaled_draw(draws.bits(0, 0), std::ssize(rows)))]};
  for (int round = 0; round < options.seeding_rounds; ++round) {
    const std::vector<double> before = distances(rows, candidates);
    const std::vector<int128> mass = masses(before, grid_of(before));
    std::set<Point> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      const std::uint64_t bits = row_draws.bits(row, static_cast<std::uint32_t>(round));
      if (core::scaled_draw(bits, total(mass)) >= 2 * options.segments * mass[i]) continue;
      if (places.insert(rows[i]).second) candidates.push_back(rows[i]);
    }
  }
  while (std::ssize(candidates) < options.segments) {
    const std::vector<double> before = distances(rows, candidates);
    candidates.push_back(
        rows[draw(masses(before, grid_of(before)), draws.bits(0, static_cast<std::uint32_t>(candidates.size())))]);
  }
  std::vector<std::int64_t> weights(candidates.size());
  for (const Point& row : rows) ++weights[nearest(row, candidates)];
  return recluster(candidates, weights, options.segments, RowRandom(options.seed, Purpose::reclustering, restart));
}

}  // namespace cardseg::cluster::twin
