#include "cluster/recluster.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cluster/masses.hpp"

namespace cardseg::cluster {
namespace {

using core::int128;
using Matrix = portfolio::FeatureMatrix<double>;
using Weights = std::vector<std::int64_t>;

constexpr std::int64_t tiles_at_once = 64;

Matrix tiled(const Centroids& candidates) {
  Matrix matrix({0, candidates.segments}, candidates.features);
  for (int i = 0; i < candidates.segments; ++i)
    for (int f = 0; f < candidates.features; ++f) matrix.at(i, f) = candidates.row(i)[f];
  return matrix;
}

// The candidate in which the running sum of masses passes the draw.
std::size_t draw_candidate(const std::vector<int128>& masses, std::uint64_t random_bits) {
  int128 total = 0;
  for (int128 mass : masses) total += mass;
  if (total == 0) throw_no_mass();
  int128 target = core::scaled_draw(random_bits, total);
  std::size_t i = 0;
  for (; target >= masses[i]; ++i) target -= masses[i];
  return i;
}

// mass[i] = weight[i] * D^2 of candidate i on the grid of the largest D^2
std::vector<int128> weighted_masses(const std::vector<double>& distances, const Weights& weights) {
  double largest = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] > 0) largest = std::max(largest, distances[i]);
  const auto grid = core::FixedPoint::for_values(largest, static_cast<std::int64_t>(weights.size()));
  std::vector<int128> masses(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] > 0) masses[i] = int128{weights[i]} * grid.round(distances[i]);
  return masses;
}

Centroids seed_weighted(const Matrix& matrix, const Weights& weights, int segments, const core::RowRandom& random) {
  Centroids seeds(segments, matrix.features());
  std::vector<double> distances(static_cast<std::size_t>(matrix.tiles() * portfolio::tile_rows), HUGE_VAL);
  std::size_t drawn = draw_candidate({weights.begin(), weights.end()}, random.bits(0, 0));
  for (int j = 0; j < segments; ++j) {
    const std::vector<double> point = matrix.point(static_cast<std::int64_t>(drawn));
    std::ranges::copy(point, seeds.row(j));
    if (j + 1 == segments) break;
    update_least_distances(matrix, point, distances);
    drawn = draw_candidate(weighted_masses(distances, weights), random.bits(0, static_cast<std::uint32_t>(j + 1)));
  }
  return seeds;
}

std::vector<std::int32_t> nearest_centroids(const Matrix& matrix, const Centroids& centroids) {
  std::vector<std::int32_t> labels(static_cast<std::size_t>(matrix.tiles() * portfolio::tile_rows));
  const ScreenCentroids screened = make_screen(centroids);
  core::ThreadFailure failure;
#pragma omp parallel for schedule(static)
  for (std::int64_t t = 0; t < matrix.tiles(); t += tiles_at_once)
    failure.guard([&] {
      label_tiles(matrix, t, std::min(tiles_at_once, matrix.tiles() - t), centroids, screened,
                  labels.data() + t * portfolio::tile_rows);
    });
  failure.rethrow();
  labels.resize(static_cast<std::size_t>(matrix.rows()));
  return labels;
}

// c_j = sum of weight_i x_i / sum of weight_i over the candidates i of centroid j, in their order
void update_weighted(const Centroids& candidates, const Weights& weights, const std::vector<std::int32_t>& labels,
                     Centroids& centroids) {
  Centroids sums(centroids.segments, centroids.features);
  Weights totals(static_cast<std::size_t>(centroids.segments));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    totals[static_cast<std::size_t>(labels[i])] += weights[i];
    for (int f = 0; f < candidates.features; ++f)
      sums.row(labels[i])[f] += static_cast<double>(weights[i]) * candidates.row(static_cast<int>(i))[f];
  }
  for (int j = 0; j < centroids.segments; ++j)
    for (int f = 0; f < centroids.features && totals[static_cast<std::size_t>(j)] > 0; ++f)
      centroids.row(j)[f] = sums.row(j)[f] / static_cast<double>(totals[static_cast<std::size_t>(j)]);
}

}  // namespace

Centroids recluster(const Centroids& candidates, const Weights& weights, int segments, const core::RowRandom& random) {
  const Matrix matrix = tiled(candidates);
  Centroids centroids = seed_weighted(matrix, weights, segments, random);
  std::vector<std::int32_t> before;
  for (int iteration = 0; iteration < recluster_iterations; ++iteration) {
    std::vector<std::int32_t> labels = nearest_centroids(matrix, centroids);
    if (labels == before) break;
    update_weighted(candidates, weights, labels, centroids);
    before = std::move(labels);
  }
  return centroids;
}

}  // namespace cardseg::cluster
