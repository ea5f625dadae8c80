#include "cardseg/cluster/label_tiles.hpp"

#include <gtest/gtest.h>

#include "cardseg/cluster/nearest.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"

namespace cardseg::cluster {
namespace {

using support::make_matrix;
using support::normal_rows;
using support::Rows;

Centroids some_centroids(const Rows& rows, int segments) {
  Centroids centroids(segments, static_cast<int>(rows.front().size()));
  for (int j = 0; j < segments; ++j) std::ranges::copy(rows[static_cast<std::size_t>(7 * j)], centroids.row(j));
  return centroids;
}

// The lowest segment with the least distance, one customer after the other.
template <class T>
std::vector<std::int32_t> plain_labels(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids) {
  std::vector<std::int32_t> labels;
  for (std::int64_t i = 0; i < matrix.rows(); ++i) {
    std::int32_t best = 0;
    const auto distance = [&](int j) {
      return squared_distance(matrix.point(i).data(), centroids.row(j), centroids.features);
    };
    for (int j = 1; j < centroids.segments; ++j)
      if (distance(j) < distance(best)) best = j;
    labels.push_back(best);
  }
  return labels;
}

template <class T>
std::vector<std::int32_t> labels_in_ranges(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids,
                                           std::int64_t tiles) {
  std::vector<std::int32_t> labels(static_cast<std::size_t>(matrix.tiles() * 16));
  const ScreenCentroids screen = make_screen(centroids);
  for (std::int64_t t = 0; t < matrix.tiles(); t += tiles)
    label_tiles(matrix, t, std::min(tiles, matrix.tiles() - t), centroids, screen, labels.data() + 16 * t);
  labels.resize(static_cast<std::size_t>(matrix.rows()));
  return labels;
}

template <class T>
void expect_definition(const Rows& rows, int segments) {
  const auto matrix = make_matrix<T>({}, rows);
  const Centroids centroids = some_centroids(rows, segments);
  const std::vector<std::int32_t> plain = plain_labels(matrix, centroids);
  support::for_every_width([&](const std::string&) {
    for (std::int64_t tiles : {4, 8, 100}) EXPECT_EQ(labels_in_ranges(matrix, centroids, tiles), plain);
  });
}

}  // namespace

TEST(LabelTiles, FollowTheDefinitionInAnyRanges) {
  for (std::size_t count : {64, 129, 500}) {
    expect_definition<float>(normal_rows(count, 5, 41), 7);
    expect_definition<double>(normal_rows(count, 5, 41), 7);
  }
}

TEST(LabelTiles, TakeTheLowestOfEqualSegments) {
  const Rows rows(70, {1.0, 2.0});

  expect_definition<float>(rows, 5);
  expect_definition<double>(rows, 5);
}

TEST(LabelTiles, CountWhatTheScreenLeavesOpen) {
  const auto equal = make_matrix<float>({}, Rows(70, {1.0, 2.0}));
  const Centroids centroids = some_centroids(Rows(70, {1.0, 2.0}), 2);
  std::vector<std::int32_t> labels(128);

  EXPECT_EQ(label_tiles(equal, 0, equal.tiles(), centroids, make_screen(centroids), labels.data()), 70);
}

}  // namespace cardseg::cluster
