// Every algorithm gives every customer the segment of the definition in every pass, and leaves the matrix as it was.
#include "cardseg/cluster/assigner.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <random>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/core/events.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/reduced.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;
using support::normal_rows;
using support::reduced;
using support::Rows;
using support::world;

constexpr Algorithm algorithms[] = {Algorithm::automatic, Algorithm::plain, Algorithm::hamerly, Algorithm::yinyang};

struct Scene {
  const char* name;
  Rows rows;
  int segments;
};

Rows scaled(Rows rows, double factor, double offset) {
  for (auto& row : rows)
    for (double& x : row) x = x * factor + offset;
  return rows;
}

Rows heavy_tailed(std::size_t count, int features, unsigned seed) {
  Rows rows = normal_rows(count, features, seed);
  for (auto& row : rows)
    for (double& x : row) x = std::exp(2 * x);
  return rows;
}

// Many customers on few places, some of them halfway between two others.
Rows on_a_lattice(std::size_t count, int features, unsigned seed) {
  std::mt19937 random(seed);
  Rows rows(count, std::vector<double>(static_cast<std::size_t>(features)));
  for (auto& row : rows)
    for (double& x : row) x = static_cast<double>(random() % 5);
  return rows;
}

std::vector<Scene> scenes() {
  return {{"clusters", clustered_rows(6000, 4, 6, 1), 6},
          {"more segments than clusters", clustered_rows(5000, 3, 4, 2), 13},
          {"no clusters", normal_rows(5000, 5, 3), 7},
          {"heavy tails", heavy_tailed(4000, 6, 4), 9},
          {"ties", on_a_lattice(3000, 3, 5), 10},
          {"one feature", normal_rows(3000, 1, 6), 5},
          {"one segment", normal_rows(500, 2, 7), 1},
          {"two segments", normal_rows(500, 2, 8), 2},
          {"as many segments as customers", normal_rows(40, 3, 9), 40},
          {"a huge offset", scaled(clustered_rows(2000, 3, 4, 10), 1.0, 1e6), 4},
          {"a huge scale", scaled(clustered_rows(2000, 3, 4, 11), 1e15, 0.0), 4},
          {"a tiny scale", scaled(clustered_rows(2000, 3, 4, 12), 1e-20, 0.0), 4},
          {"many segments", clustered_rows(9000, 8, 60, 13), 70}};
}

template <class T>
std::vector<std::int32_t> labels_by_definition(const FeatureMatrix<T>& matrix, const Centroids& centroids) {
  std::vector<std::int32_t> labels;
  for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
    NearestTile answer;
    find_nearest(matrix.tile(t), centroids, answer);
    labels.insert(labels.end(), answer.first, answer.first + 16);
  }
  labels.resize(static_cast<std::size_t>(matrix.rows()));
  return labels;
}

// Lloyd's iterations with a check of every label after every pass; `matrix_before` is never touched.
template <class T>
void expect_definition_in_every_pass(const Scene& scene, Algorithm algorithm) {
  SCOPED_TRACE(std::string(scene.name) + ", " + name_of(algorithm));
  const FeatureMatrix<T> matrix_before = make_matrix<T>(world(), scene.rows);
  FeatureMatrix<T> matrix = make_matrix<T>(world(), scene.rows);
  const SumGrids grids = make_grids(world(), matrix);
  Centroids centroids(scene.segments, matrix.features());
  for (int j = 0; j < scene.segments; ++j)
    for (int f = 0; f < matrix.features(); ++f)
      centroids.row(j)[f] = static_cast<T>(scene.rows[static_cast<std::size_t>(j)][static_cast<std::size_t>(f)]);
  {
    Assigner<T> assigner(matrix, grids, scene.segments, algorithm);
    SegmentSums sums(scene.segments, matrix.features());
    for (int pass = 0; pass < 40; ++pass) {
      PassCounts counts = assigner.pass(centroids, sums);
      const SegmentSums global = reduced(world(), grids, sums, counts);
      if (pass % 7 == 3 || counts.moved == 0) {  // not after each one: that would put an end to the new order
        assigner.in_row_order();
        const std::vector<std::int32_t> found(assigner.labels().begin(), assigner.labels().begin() + matrix.rows());
        ASSERT_EQ(found, labels_by_definition(matrix_before, centroids)) << "pass " << pass;
      }
      if (counts.moved == 0) break;
      const Centroids before = centroids;
      update_centroids(grids, global, centroids);
      assigner.moved(before, centroids, 100);
    }
  }
  for (std::int64_t i = 0; i < matrix.rows(); ++i) ASSERT_EQ(matrix.point(i), matrix_before.point(i)) << "row " << i;
}

}  // namespace

TEST(Assigner, GivesTheSegmentOfTheDefinitionWhateverTheAlgorithm) {
  for (const Scene& scene : scenes())
    for (Algorithm algorithm : algorithms) {
      expect_definition_in_every_pass<float>(scene, algorithm);
      expect_definition_in_every_pass<double>(scene, algorithm);
    }
}

TEST(Assigner, GivesTheSegmentOfTheDefinitionOnEveryWidthAndSeveralThreads) {
  const int before = omp_get_max_threads();
  const Scene scene = {"clusters", clustered_rows(5000, 5, 6, 21), 8};
  for (int threads : {1, 2, 3, 7}) {
    omp_set_num_threads(threads);
    for_every_width([&](const std::string&) {
      for (Algorithm algorithm : algorithms) expect_definition_in_every_pass<float>(scene, algorithm);
    });
  }
  omp_set_num_threads(before);
}

TEST(Assigner, ComputesFewerDistancesWithBoundsWhereClustersAreClear) {
  FeatureMatrix<float> matrix = make_matrix<float>({}, clustered_rows(20000, 6, 8, 31));
  const SumGrids grids = make_grids(comm::Communicator(), matrix);
  for (Algorithm algorithm : {Algorithm::hamerly, Algorithm::yinyang}) {
    Assigner<float> assigner(matrix, grids, 8, algorithm);
    SegmentSums sums(8, 6);
    Centroids centroids(8, 6);
    for (int j = 0; j < 8; ++j) std::ranges::copy(matrix.point(j), centroids.row(j));
    std::int64_t last = 0;
    for (int pass = 0; pass < 30; ++pass) {
      last = assigner.pass(centroids, sums).distances;
      const Centroids before = centroids;
      update_centroids(grids, sums, centroids);
      assigner.moved(before, centroids, 100);
    }
    EXPECT_LT(last, matrix.rows() * 8 / 4) << name_of(algorithm);
  }
}

}  // namespace cardseg::cluster
