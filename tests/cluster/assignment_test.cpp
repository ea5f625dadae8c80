#include "cardseg/cluster/assignment.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::local_part;
using support::make_matrix;
using support::normal_rows;
using support::Rows;
using support::world;
using testing::ElementsAre;

Centroids three_centroids() {
  Centroids centroids(3, 2);
  centroids.values = {0, 0, 3, 4, 0, 10};
  return centroids;
}

Scores scores_of(const comm::Communicator& comm, const Rows& rows) {
  Scores scores;
  append_scores(make_matrix<double>(comm, rows, 2), three_centroids(), scores);
  return scores;
}

}  // namespace

TEST(Scores, NameNearestAndSecondAndHowFarTheyAre) {
  const Scores scores = scores_of({}, {{0, 0}, {3, 4}, {0, 1}, {0, 5}});

  EXPECT_THAT(scores.segment, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(scores.second, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(scores.squared_distance, ElementsAre(0, 0, 1, 10));
  EXPECT_THAT(scores.margin, ElementsAre(1.0f, 1.0f, static_cast<float>(1 - std::sqrt(1.0 / 18)),
                                         static_cast<float>(1 - std::sqrt(10.0 / 25))));
}

TEST(ScoreBySize, PutsTheLargestSegmentFirst) {
  const Rows rows = {{0, 0}, {3, 4}, {3, 5}, {0, 10}, {0, 11}, {0, 12}, {0, 13}};

  const FinalScores scored = score_by_size(world(), make_matrix<double>(world(), rows, 2), three_centroids());

  EXPECT_THAT(scored.totals.customers, ElementsAre(4, 2, 1));
  EXPECT_THAT(scored.centroids.values, ElementsAre(0, 10, 3, 4, 0, 0));
  EXPECT_EQ(scored.local_scores.segment, local_part(world(), std::vector<std::int32_t>{2, 1, 1, 0, 0, 0, 0}));
}

TEST(Scores, HaveNoMarginOnTheBorderAndAFullOneAlone) {
  Scores alone;
  append_scores(make_matrix<double>({}, {{5, 5}, {0, 0}}), Centroids(1, 2), alone);
  Scores on_equal_centroids;
  append_scores(make_matrix<double>({}, {{0, 0}}), Centroids(2, 2), on_equal_centroids);

  EXPECT_THAT(alone.second, ElementsAre(-1, -1));
  EXPECT_THAT(alone.margin, ElementsAre(1.0f, 1.0f));
  EXPECT_THAT(scores_of({}, {{1.5, 2}}).margin, ElementsAre(0.0f));
  EXPECT_THAT(on_equal_centroids.margin, ElementsAre(0.0f));
}

TEST(Scores, AreAppendedBlockByBlock) {
  const Rows rows = normal_rows(150, 2, 3);
  Scores blocks;
  append_scores(make_matrix<double>({}, Rows(rows.begin(), rows.begin() + 70)), three_centroids(), blocks);
  append_scores(make_matrix<double>({}, Rows(rows.begin() + 70, rows.end())), three_centroids(), blocks);

  const Scores whole = scores_of({}, rows);

  EXPECT_EQ(blocks.segment, whole.segment);
  EXPECT_EQ(blocks.second, whole.second);
  EXPECT_EQ(blocks.squared_distance, whole.squared_distance);
  EXPECT_EQ(blocks.margin, whole.margin);
}

TEST(TotalSegments, AddUpExactlyOnAnyRankCount) {
  const Rows rows = normal_rows(501, 2, 5, 2.0, 3.0);

  const SegmentTotals together = total_segments(world(), scores_of(world(), rows), 3);
  const SegmentTotals alone = total_segments({}, scores_of({}, rows), 3);

  EXPECT_EQ(together.customers, alone.customers);
  EXPECT_EQ(together.inertia, alone.inertia);
  EXPECT_EQ(together.total_inertia, alone.total_inertia);
  EXPECT_EQ(alone.customers[0] + alone.customers[1] + alone.customers[2], 501);
  EXPECT_NEAR(alone.inertia[0] + alone.inertia[1] + alone.inertia[2], alone.total_inertia, 1e-9 * alone.total_inertia);
}

TEST(TotalSegments, KnowSegmentsWithoutCustomersAndPortfoliosWithout) {
  const SegmentTotals one = total_segments(world(), scores_of(world(), {{0, 1}}), 3);
  const SegmentTotals none = total_segments(world(), scores_of(world(), {}), 3);

  EXPECT_THAT(one.customers, ElementsAre(1, 0, 0));
  EXPECT_THAT(one.inertia, ElementsAre(1, 0, 0));
  EXPECT_THAT(none.customers, ElementsAre(0, 0, 0));
  EXPECT_EQ(none.total_inertia, 0.0);
}

TEST(NumberBySize, LeavesTheOrderOfEqualSizesAndAsksAgainForWhatItChanged) {
  std::vector<Centroids> sets = {three_centroids(), three_centroids()};
  std::vector<std::size_t> asked;

  number_by_size(sets, [&](const std::vector<std::size_t>& open) {
    std::vector<std::vector<std::int64_t>> customers;
    for (std::size_t m : open) {
      asked.push_back(m);
      const bool is_first = sets[m].values[0] == 0 && sets[m].values[1] == 0;
      customers.push_back(m == 1 && is_first ? std::vector<std::int64_t>{1, 5, 5} : std::vector<std::int64_t>{7, 7, 1});
    }
    return customers;
  });

  EXPECT_THAT(asked, ElementsAre(0, 1, 1));
  EXPECT_THAT(sets[0].values, ElementsAre(0, 0, 3, 4, 0, 10));
  EXPECT_THAT(sets[1].values, ElementsAre(3, 4, 0, 10, 0, 0));
}

// Where ties move customers whenever numbers change, the order stands after four rounds.
TEST(NumberBySize, GivesUpAfterFourRounds) {
  std::vector<Centroids> sets = {three_centroids()};
  int rounds = 0;

  number_by_size(sets, [&](const std::vector<std::size_t>&) {
    ++rounds;
    return std::vector<std::vector<std::int64_t>>{{1, 2, 3}};
  });

  EXPECT_EQ(rounds, 4);
}

}  // namespace cardseg::cluster
