#include "cardseg/cluster/segment_sums.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "cardseg/cluster/assigner.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/reduced.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using core::FixedPoint;
using core::int128;
using support::make_matrix;
using support::normal_rows;
using support::reduced;
using support::Rows;
using support::world;

// Grids as for `customers` values of magnitude up to `largest` a feature.
SumGrids grids_for(int features, double largest, std::int64_t customers) {
  SumGrids grids;
  grids.feature.assign(static_cast<std::size_t>(features), FixedPoint::for_values(largest, customers));
  grids.is_wide = grids.feature.front().is_wide();
  grids.max_additions = grids.feature.front().max_additions();
  return grids;
}

// Sums and counts of labelled rows, from scratch by plain loops; label -1 is in no segment.
SegmentSums plain_sums(const SumGrids& grids, const Rows& rows, const std::vector<int>& labels, int segments) {
  SegmentSums sums(segments, static_cast<int>(grids.feature.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (labels[i] < 0) continue;
    ++sums.counts[static_cast<std::size_t>(labels[i])];
    for (std::size_t f = 0; f < grids.feature.size(); ++f)
      sums.sums[static_cast<std::size_t>(labels[i]) * grids.feature.size() + f] += grids.feature[f].round(rows[i][f]);
  }
  return sums;
}

void expect_equal(const SegmentSums& a, const SegmentSums& b) {
  EXPECT_EQ(a.counts, b.counts);
  EXPECT_TRUE(a.sums == b.sums);
}

std::vector<int> random_labels(std::size_t count, int segments, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<int> labels(count);
  for (int& label : labels) label = static_cast<int>(random() % static_cast<std::uint64_t>(segments));
  return labels;
}

}  // namespace

TEST(SegmentSums, MovingOneCustomerThereAndBackLeavesNoTrace) {
  SegmentSums sums(3, 2);
  const std::int64_t customer[] = {12345678901, -7};
  sums.move(customer, -1, 2);
  const SegmentSums before = sums;

  sums.move(customer, 2, 0);
  EXPECT_TRUE(sums.sums[0] == customer[0] && sums.sums[1] == customer[1] && sums.sums[4] == 0 && sums.sums[5] == 0);
  sums.move(customer, 0, 2);

  expect_equal(sums, before);
  EXPECT_EQ(sums.counts, (std::vector<std::int64_t>{0, 0, 1}));
}

void expect_sums_from_scratch(int features) {
  const Rows rows = normal_rows(333, features, 5);
  const auto matrix = make_matrix<double>({}, rows);
  const SumGrids grids = make_grids(comm::Communicator(), matrix);
  SegmentSums sums(4, features);
  std::vector<int> labels(rows.size(), -1);
  for (unsigned pass = 0; pass < 5; ++pass) {
    const std::vector<int> next = random_labels(rows.size(), 4, pass);
    MoveAccumulator moves(grids, 4);
    MoveAccumulator moves_one_by_one(grids, 4);
    std::vector<Mover<double>> movers;
    for (std::size_t first = 0; first < rows.size(); first += 16) {
      TileMoves tile{0, labels.data() + first, next.data() + first};
      for (std::size_t i = first; i < std::min(first + 16, rows.size()); ++i)
        if (next[i] != labels[i]) {
          tile.lanes |= 1u << (i - first);
          movers.push_back({matrix.tile(static_cast<std::int64_t>(first / 16)) + (i - first), labels[i], next[i]});
        }
      moves.move(matrix.tile(static_cast<std::int64_t>(first / 16)), tile);
    }
    SegmentSums alone = sums;
    moves_one_by_one.move(std::span<const Mover<double>>(movers));
    moves_one_by_one.empty_into(alone);
    moves.empty_into(sums);
    expect_equal(alone, sums);
    labels = next;

    expect_equal(sums, plain_sums(grids, rows, labels, 4));
  }
}

TEST(MoveAccumulator, EqualsSumsFromScratchAfterManyMoves) {
  expect_sums_from_scratch(3);
  expect_sums_from_scratch(21);
}

TEST(MoveAccumulator, EqualsSumsFromScratchWhereATileIsTooWideToRoundAtOnce) { expect_sums_from_scratch(300); }

TEST(MoveAccumulator, SpillsBeforeSixtyFourBitsOverflow) {
  // 2^40 customers: values take 40 bits and 2^22 of them fill 62. One tile of the largest value is moved four times
  // that.
  const double largest = std::nextafter(1.0, 0.0);
  const SumGrids grids = grids_for(2, largest, std::int64_t{1} << 40);
  ASSERT_TRUE(grids.is_wide);
  portfolio::FeatureMatrix<double> matrix({0, 1}, 2);
  matrix.at(0, 0) = largest;
  matrix.at(0, 1) = -largest;
  const std::int64_t moves = 4 * grids.max_additions + 3;
  MoveAccumulator accumulator(grids, 2);
  SegmentSums sums(2, 2);
  const std::int32_t nowhere = -1;
  const std::int32_t to = 1;

  for (std::int64_t i = 0; i < moves; ++i) accumulator.move(matrix.tile(0), {1, &nowhere, &to});
  accumulator.empty_into(sums);

  const int128 expected = static_cast<int128>(grids.feature[0].round(largest)) * moves;
  EXPECT_GT(static_cast<double>(expected), 0x1p63);
  EXPECT_TRUE(sums.sums[2] == expected);
  EXPECT_TRUE(sums.sums[3] == -expected);
  EXPECT_EQ(sums.counts[1], moves);
}

TEST(MoveAccumulator, StaysExactAtTheLimitOfNarrowSums) {
  // 2^22 customers of the largest value in one segment: the sum is 2^62 at most and travels as one integer.
  const double largest = std::nextafter(1.0, 0.0);
  const std::int64_t customers = std::int64_t{1} << 22;
  const SumGrids grids = grids_for(1, largest, customers);
  ASSERT_FALSE(grids.is_wide);
  portfolio::FeatureMatrix<double> matrix({0, 1}, 1);
  matrix.at(0, 0) = -largest;
  MoveAccumulator accumulator(grids, 1);
  SegmentSums local(1, 1);
  const std::int32_t nowhere = -1;
  const std::int32_t to = 0;
  const core::Range mine = core::local_range(world().rank(), customers, world().size());

  for (std::int64_t i = mine.begin; i < mine.end; ++i) accumulator.move(matrix.tile(0), {1, &nowhere, &to});
  accumulator.empty_into(local);
  PassCounts counts;
  const SegmentSums global = reduced(world(), grids, local, counts);

  EXPECT_TRUE(global.sums[0] == static_cast<int128>(grids.feature[0].round(-largest)) * customers);
  EXPECT_EQ(global.counts[0], customers);
  EXPECT_LT(static_cast<double>(global.sums[0]), -0x1p61);
}

TEST(Reduce, AddsNarrowAndWideSumsOfAllRanksAlike) {
  const Rows rows = normal_rows(97, 3, 6);
  const std::vector<int> labels = random_labels(rows.size(), 5, 7);
  for (std::int64_t customers : {std::int64_t{97}, std::int64_t{1} << 40}) {
    const SumGrids grids = grids_for(3, 10.0, customers);
    const core::Range mine = core::local_range(world().rank(), 97, world().size());
    const SegmentSums local = plain_sums(grids, {rows.begin() + mine.begin, rows.begin() + mine.end},
                                         {labels.begin() + mine.begin, labels.begin() + mine.end}, 5);
    PassCounts counts{mine.size(), 2};

    const SegmentSums global = reduced(world(), grids, local, counts);

    expect_equal(global, plain_sums(grids, rows, labels, 5));
    EXPECT_EQ(counts.moved, 97);
    EXPECT_EQ(counts.unsettled, 2 * world().size());
  }
}

TEST(Reduce, CarriesSumsThatNeedMoreThanSixtyFourBits) {
  const SumGrids grids = grids_for(2, 1.0, std::int64_t{1} << 40);
  SegmentSums local(1, 2);
  const int128 huge = (int128{1} << 100) + 12345;
  local.sums = {huge + world().rank(), -huge};
  PassCounts counts;

  const SegmentSums global = reduced(world(), grids, local, counts);

  const int size = world().size();
  EXPECT_TRUE(global.sums[0] == huge * size + size * (size - 1) / 2);
  EXPECT_TRUE(global.sums[1] == -huge * size);
}

TEST(Grids, AreTheSameOnAllRankCounts) {
  const Rows rows = normal_rows(41, 4, 8, 100.0);
  const SumGrids grids = make_grids(world(), make_matrix<float>(world(), rows));
  const SumGrids alone = make_grids(comm::Communicator(), make_matrix<float>({}, rows));

  ASSERT_EQ(grids.feature.size(), alone.feature.size());
  for (std::size_t f = 0; f < 4; ++f) EXPECT_EQ(grids.feature[f].shift(), alone.feature[f].shift());
  EXPECT_EQ(grids.max_additions, alone.max_additions);
}

TEST(UpdateCentroids, GivesMeansAndLeavesEmptySegmentsWhereTheyWere) {
  const SumGrids grids = grids_for(2, 8.0, 4);
  SegmentSums sums(2, 2);
  const std::int64_t a[] = {grids.feature[0].round(1.0), grids.feature[1].round(-8.0)};
  const std::int64_t b[] = {grids.feature[0].round(4.0), grids.feature[1].round(2.0)};
  sums.move(a, -1, 1);
  sums.move(b, -1, 1);
  Centroids centroids(2, 2);
  centroids.values = {7, 7, 0, 0};

  update_centroids(grids, sums, centroids);

  EXPECT_EQ(centroids.values, (std::vector<double>{7, 7, 2.5, -3}));
}

TEST(Assigner, KeepsSumsEqualToThoseOfTheLabelsFromScratch) {
  const Rows rows = normal_rows(777, 3, 12);
  auto matrix = make_matrix<float>({}, rows);
  const SumGrids grids = make_grids(comm::Communicator(), matrix);
  Assigner<float> assigner(matrix, grids, 6, Algorithm::plain);
  SegmentSums sums(6, 3);
  Rows stored;
  for (std::int64_t i = 0; i < matrix.rows(); ++i) stored.push_back(matrix.point(i));
  for (unsigned pass = 0; pass < 4; ++pass) {
    Centroids centroids(6, 3);
    for (int j = 0; j < 6; ++j)
      std::ranges::copy(normal_rows(6, 3, 90 + pass)[static_cast<std::size_t>(j)], centroids.row(j));

    const PassCounts counts = assigner.pass(centroids, sums);

    const std::vector<int> own(assigner.labels().begin(), assigner.labels().begin() + matrix.rows());
    expect_equal(sums, plain_sums(grids, stored, own, 6));
    EXPECT_TRUE(pass > 0 || counts.moved == 777);
  }
}

}  // namespace cardseg::cluster
