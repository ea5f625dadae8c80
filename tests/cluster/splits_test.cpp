// What splits of segments gain, and merges cost.
#include "cluster/splits.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <cmath>

#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;
using support::Rows;

Splits splits_of(const Rows& rows, const Centroids& centroids) {
  return find_splits(make_matrix<double>({}, rows), centroids);
}

Centroids points(const Rows& rows) {
  Centroids centroids(static_cast<int>(rows.size()), static_cast<int>(rows.front().size()));
  for (int j = 0; j < centroids.segments; ++j) std::ranges::copy(rows[static_cast<std::size_t>(j)], centroids.row(j));
  return centroids;
}

}  // namespace

TEST(Splits, PartASegmentAlongItsMainAxis) {
  const Rows rows = {{0, 0}, {0, 1}, {8, 0}, {8, 1}, {100, 0}, {100, 0}};

  const Splits found = splits_of(rows, points({{4, 0}, {99, 0}}));

  ASSERT_EQ(found.splits.size(), 1u);  // the second segment's customers are all alike
  EXPECT_EQ(found.splits[0].segment, 0);
  EXPECT_DOUBLE_EQ(found.splits[0].gain, 4 * 16.0);  // from 4 (16 + 1/4) to 4 (1/4)
  std::vector<double> means = found.splits[0].points;
  if (means[0] > means[2]) means = {means[2], means[3], means[0], means[1]};
  EXPECT_THAT(means, testing::Pointwise(testing::DoubleNear(1e-12), {0.0, 0.5, 8.0, 0.5}));
  // 4 and 2 customers, 96 apart, and 0.5 in the second feature
  const double cost = 4.0 * 2 / 6 * (96 * 96 + 0.25);
  EXPECT_THAT(found.merge_costs, testing::Pointwise(testing::DoubleNear(1e-9), {cost, cost}));
}

TEST(Splits, PayWhereTheyGainMoreThanMergesCost) {
  Splits splits;
  for (double gain : {9.0, 6.0, 3.0}) splits.splits.push_back({0, gain, {}});
  splits.merge_costs = {1.0, 6.0, 6.0, 7.0};

  EXPECT_EQ(count_paying(splits, 1.0), 1);
  EXPECT_EQ(count_paying(splits, 0.9), 2);
  EXPECT_EQ(count_paying(splits, 0.1), 3);
  EXPECT_EQ(count_paying(splits, 20.0), 0);
}

TEST(Splits, ReplaceSegmentsByTheirParts) {
  Splits splits;
  splits.splits = {{1, 2.0, {10, 30}}, {0, 1.0, {4, 6}}};

  EXPECT_EQ(with_splits(points({{5}, {20}, {70}}), splits, 1).values, (std::vector<double>{5, 10, 70, 30}));
  EXPECT_EQ(with_splits(points({{5}, {20}, {70}}), splits, 2).values, (std::vector<double>{4, 10, 70, 30, 6}));
}

TEST(Splits, CopeWithSegmentsOfNobodyOneCustomerAndEqualOnes) {
  const Splits found = splits_of({{1.0}, {2.0}, {2.0}, {2.0}}, points({{1.0}, {2.0}, {50.0}}));

  EXPECT_TRUE(found.splits.empty());
  EXPECT_EQ(found.merge_costs.front(), 0.0);  // nobody's
  EXPECT_EQ(count_paying(found, 1.0), 0);
  EXPECT_EQ(count_paying(splits_of({{1.0}, {3.0}}, points({{2.0}})), 1.0), 0);  // nothing to merge
}

TEST(Splits, AreTheSameBitsOnAllThreadsAndVectorWidths) {
  const Rows rows = clustered_rows(3001, 7, 9, 4, 2.0);
  const Centroids centroids = points({rows.begin(), rows.begin() + 11});
  const Splits expected = splits_of(rows, centroids);
  const auto expect_same = [&] {
    const Splits found = splits_of(rows, centroids);
    EXPECT_EQ(found.merge_costs, expected.merge_costs);
    ASSERT_EQ(found.splits.size(), expected.splits.size());
    for (std::size_t i = 0; i < found.splits.size(); ++i) {
      EXPECT_EQ(found.splits[i].segment, expected.splits[i].segment);
      EXPECT_EQ(found.splits[i].gain, expected.splits[i].gain);
      EXPECT_EQ(found.splits[i].points, expected.splits[i].points);
    }
  };
  ASSERT_FALSE(expected.splits.empty());

  for_every_width([&](const std::string&) { expect_same(); });
  omp_set_num_threads(3);
  expect_same();
  omp_set_num_threads(1);
}

}  // namespace cardseg::cluster
