#include "cardseg/cluster/nearest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;
using support::normal_rows;
using support::Rows;

// What find_nearest promises, for one customer, by plain loops.
struct Nearest {
  int first = -1;
  int second = -1;
  double first_distance = HUGE_VAL;
  double second_distance = HUGE_VAL;
};

Nearest plain_nearest(const std::vector<double>& x, const Centroids& centroids) {
  std::vector<double> distances;
  for (int j = 0; j < centroids.segments; ++j)
    distances.push_back(squared_distance(x.data(), centroids.row(j), centroids.features));
  Nearest nearest;
  for (int j = 0; j < centroids.segments; ++j)
    if (nearest.first < 0 || distances[static_cast<std::size_t>(j)] < nearest.first_distance) {
      nearest.first = j;
      nearest.first_distance = distances[static_cast<std::size_t>(j)];
    }
  for (int j = 0; j < centroids.segments; ++j)
    if (j != nearest.first &&
        (nearest.second < 0 || distances[static_cast<std::size_t>(j)] < nearest.second_distance)) {
      nearest.second = j;
      nearest.second_distance = distances[static_cast<std::size_t>(j)];
    }
  return nearest;
}

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

template <class T>
void expect_plain_answers(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids) {
  for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
    NearestTile answer;
    find_nearest(matrix.tile(t), centroids, answer);
    for (int i = 0; i < 16; ++i) {
      const Nearest plain = plain_nearest(matrix.point(t * 16 + i), centroids);
      ASSERT_EQ(answer.first[i], plain.first) << "customer " << t * 16 + i;
      ASSERT_EQ(answer.second[i], plain.second) << "customer " << t * 16 + i;
      ASSERT_EQ(bits(answer.first_distance[i]), bits(plain.first_distance));
      ASSERT_EQ(bits(answer.second_distance[i]), bits(plain.second_distance));
    }
  }
}

Centroids centroids_of(const Rows& rows) {
  Centroids centroids(static_cast<int>(rows.size()), static_cast<int>(rows.front().size()));
  for (int j = 0; j < centroids.segments; ++j) std::ranges::copy(rows[static_cast<std::size_t>(j)], centroids.row(j));
  return centroids;
}

// Whole numbers from -1 to 1: many ties and many customers on centroids.
Rows coarse_rows(std::size_t count, int features, unsigned seed) {
  std::mt19937_64 random(seed);
  Rows rows(count, std::vector<double>(static_cast<std::size_t>(features)));
  for (auto& row : rows)
    for (double& x : row) x = static_cast<double>(random() % 3) - 1.0;
  return rows;
}

}  // namespace

template <class T>
class NearestOf : public testing::Test {};
using Stored = testing::Types<float, double>;
TYPED_TEST_SUITE(NearestOf, Stored);

TYPED_TEST(NearestOf, GivesTheBitsOfThePlainLoopsOnEveryWidth) {
  for (int d : {1, 2, 3, 7, 17, 20, 64})
    for (int k : {1, 2, 3, 4, 5, 7, 16, 33}) {
      const auto matrix = make_matrix<TypeParam>({}, clustered_rows(83, d, 5, 40));
      const Centroids centroids = centroids_of(normal_rows(static_cast<std::size_t>(k), d, 41, 0.0, 3.0));
      for_every_width([&](const std::string&) { expect_plain_answers(matrix, centroids); });
    }
}

TYPED_TEST(NearestOf, TakesTheLowestSegmentsOnTies) {
  for (int d : {1, 2, 3})
    for (int k : {2, 5, 8, 33}) {
      const auto matrix = make_matrix<TypeParam>({}, coarse_rows(64, d, 50));
      const Centroids centroids = centroids_of(coarse_rows(static_cast<std::size_t>(k), d, 51));  // with duplicates
      for_every_width([&](const std::string&) { expect_plain_answers(matrix, centroids); });
    }
}

TYPED_TEST(NearestOf, FindsFirstAndSecondAmongEqualCentroids) {
  const auto matrix = make_matrix<TypeParam>({}, {{1.0}, {-3.0}});
  const Centroids centroids = centroids_of({{5.0}, {1.0}, {1.0}, {1.0}, {-3.0}});

  for_every_width([&](const std::string&) {
    NearestTile answer;
    find_nearest(matrix.tile(0), centroids, answer);
    EXPECT_EQ(answer.first[0], 1);
    EXPECT_EQ(answer.second[0], 2);
    EXPECT_EQ(answer.first[1], 4);
    EXPECT_EQ(answer.second[1], 1);
  });
}

TYPED_TEST(NearestOf, HasNoSecondWhereThereIsOneSegment) {
  const auto matrix = make_matrix<TypeParam>({}, {{1.0, 2.0}});
  const Centroids centroids = centroids_of({{0.0, 0.0}});

  for_every_width([&](const std::string&) {
    NearestTile answer;
    find_nearest(matrix.tile(0), centroids, answer);
    EXPECT_EQ(answer.first[0], 0);
    EXPECT_EQ(answer.first_distance[0], 5.0);
    EXPECT_EQ(answer.second[0], -1);
    EXPECT_EQ(answer.second_distance[0], HUGE_VAL);
  });
}

TYPED_TEST(NearestOf, GivesTheSameBitsFarFromTheOriginAndAtTinyAndHugeScales) {
  for (double offset : {0.0, 1e8})
    for (double scale : {1e-30, 1.0, 1e15}) {
      const auto matrix = make_matrix<TypeParam>({}, normal_rows(64, 5, 60, offset, scale));
      const Centroids centroids = centroids_of(normal_rows(9, 5, 61, offset, scale));
      for_every_width([&](const std::string&) { expect_plain_answers(matrix, centroids); });
    }
}

TEST(Nearest, KeepsFiniteDistancesAtTheLargestFeaturesAndCentroids) {
  const auto matrix = make_matrix<double>({}, {std::vector<double>(64, 1e140), std::vector<double>(64, -1e140)});
  const Centroids centroids = centroids_of({std::vector<double>(64, -1e150), std::vector<double>(64, 1e150)});

  for_every_width([&](const std::string&) { expect_plain_answers(matrix, centroids); });
}

TYPED_TEST(NearestOf, LowersLeastDistancesToThePlainTwins) {
  const auto matrix = make_matrix<TypeParam>({}, normal_rows(64, 7, 70));
  const Rows points = normal_rows(3, 7, 71);
  for_every_width([&](const std::string&) {
    std::vector<double> distances(64, HUGE_VAL);
    for (const auto& point : points)
      for (int t = 0; t < 4; ++t) update_least_distance(matrix.tile(t), point.data(), 7, distances.data() + 16 * t);

    for (std::int64_t i = 0; i < 64; ++i) {
      double least = HUGE_VAL;
      for (const auto& point : points)
        least = std::min(least, squared_distance(matrix.point(i).data(), point.data(), 7));
      ASSERT_EQ(bits(distances[static_cast<std::size_t>(i)]), bits(least));
    }
  });
}

TEST(SquaredDistance, IsAChainOfFusedMultiplyAdds) {
  const std::vector<double> a = {1.0, 0x1.0000001p0};
  const std::vector<double> b = {0.0, 0.0};

  // 1 + (1 + 2^-28)^2 = 2 + 2^-27 + 2^-56 rounded once; an unfused product would have lost 2^-56 earlier, with one
  // result.
  EXPECT_EQ(squared_distance(a.data(), b.data(), 2), std::fma(0x1.0000001p0, 0x1.0000001p0, 1.0));
  EXPECT_EQ(squared_distance(a.data(), b.data(), 0), 0.0);
}

}  // namespace cardseg::cluster
