#include "cardseg/monitor/segment_fates.hpp"

#include <gmock/gmock.h>

#include "cardseg/monitor/warm_fit.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::monitor {
namespace {

using support::error_of;
using support::world;
using testing::ElementsAre;

quality::Contingency table(int first, int second, std::vector<std::int64_t> customers) {
  quality::Contingency made(first, second);
  made.customers = std::move(customers);
  return made;
}

std::vector<Fate> fates_of(const SegmentFates& found) {
  std::vector<Fate> fates;
  for (const OldSegment& old : found.old) fates.push_back(old.fate);
  return fates;
}

TEST(SegmentFates, SurviveByAtLeastHalf) {
  const SegmentFates found = segment_fates(table(2, 2, {50, 50, 0, 80}));

  EXPECT_THAT(fates_of(found), ElementsAre(Fate::survived, Fate::survived));
  EXPECT_THAT(found.same_old, ElementsAre(0, 1));
  EXPECT_EQ(found.old[0].kept, 50);
}

TEST(SegmentFates, FollowCustomersToAnotherPlace) {
  EXPECT_THAT(segment_fates(table(2, 2, {0, 70, 90, 5})).same_old, ElementsAre(1, 0));
}

TEST(SegmentFates, MergeIntoAPartnerOfAnother) {
  const SegmentFates found = segment_fates(table(3, 3, {400, 0, 0, 60, 40, 0, 0, 0, 600}));

  EXPECT_THAT(fates_of(found), ElementsAre(Fate::survived, Fate::merged, Fate::survived));
  EXPECT_THAT(found.old[1].to, ElementsAre(0));
  EXPECT_EQ(found.old[1].kept, 0);
  EXPECT_THAT(found.same_old, ElementsAre(0, SegmentFates::is_new, 2));
}

TEST(SegmentFates, SplitIntoPartsOfAQuarter) {
  const SegmentFates found = segment_fates(table(1, 3, {40, 35, 25}));

  EXPECT_THAT(fates_of(found), ElementsAre(Fate::split));
  EXPECT_THAT(found.old[0].to, ElementsAre(0, 1, 2));
  EXPECT_THAT(found.same_old, ElementsAre(0, SegmentFates::is_new, SegmentFates::is_new));
}

TEST(SegmentFates, VanishWhereCustomersScatterOrAreGone) {
  const SegmentFates found = segment_fates(table(2, 6, {20, 20, 20, 20, 20, 0, 0, 0, 0, 0, 0, 0}));

  EXPECT_THAT(fates_of(found), ElementsAre(Fate::vanished, Fate::vanished));
  EXPECT_TRUE(found.old[0].to.empty());
}

TEST(SegmentFates, KeepTheNumberOfASegmentThatNobodyIsIn) {
  EXPECT_THAT(segment_fates(table(2, 2, {9, 0, 0, 0})).same_old, ElementsAre(0, 1));
  EXPECT_THAT(segment_fates(table(2, 2, {9, 0, 9, 0})).same_old, ElementsAre(0, SegmentFates::is_nobody));
}

cluster::Centroids three_centroids() {
  cluster::Centroids centroids(3, 2);
  centroids.values = {0.5, 0.4, -0.9, 0.1, 0.2, -1.0};
  return centroids;
}

TEST(WarmFit, MovesNoMoreThanItMay) {
  const support::Rows rows = support::normal_rows(600, 2, 5);
  core::Events silent;
  std::vector<std::int64_t> weights;
  for (const double may_move : {1.0, 0.05, 0.01}) {
    auto matrix = support::make_matrix<float>(world(), rows);

    const WarmFit fit = warm_fit(world(), matrix, three_centroids(), {.max_moved = may_move}, silent);

    EXPECT_LE(static_cast<double>(fit.moved), may_move * 600);
    EXPECT_TRUE(fit.is_fixed_point);
    weights.push_back(fit.weight);
  }
  EXPECT_EQ(weights.front(), 0);
  EXPECT_LT(weights[0], weights[1]);
  EXPECT_LT(weights[1], weights[2]);
}

TEST(WarmFit, StaysAtAFixedPoint) {
  const support::Rows rows = support::clustered_rows(300, 3, 3, 8);
  core::Events silent;
  auto matrix = support::make_matrix<double>(world(), rows);
  cluster::Centroids centroids(3, 3);
  for (int j = 0; j < 3; ++j)
    for (int f = 0; f < 3; ++f)
      centroids.row(j)[f] = rows[static_cast<std::size_t>(j * 7)][static_cast<std::size_t>(f)];
  const WarmFit first = warm_fit(world(), matrix, centroids, {.any_move = true}, silent);

  const WarmFit again = warm_fit(world(), matrix, first.centroids, {.max_moved = 0}, silent);

  EXPECT_EQ(again.iterations, 1);
  EXPECT_EQ(again.moved, 0);
  EXPECT_EQ(again.centroids.values, first.centroids.values);
}

TEST(WarmFit, RefusesWhereEveryWeightMovesMore) {
  const support::Rows rows = support::normal_rows(5000, 2, 6);
  core::Events silent;
  auto matrix = support::make_matrix<float>(world(), rows);

  const core::Error error = error_of([&] { warm_fit(world(), matrix, three_centroids(), {.max_moved = 0.0}, silent); });

  EXPECT_EQ(error.code(), core::ExitCode::permission);
}

}  // namespace
}  // namespace cardseg::monitor
