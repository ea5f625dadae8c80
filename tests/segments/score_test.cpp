#include "cardseg/segments/score.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/small_model.hpp"
#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::segments {
namespace {

using support::error_of;
using support::local_part;
using support::make_matrix;
using support::normal_rows;
using support::Rows;
using support::small_model;
using support::TemporaryDirectory;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

cluster::Centroids three_centroids() {
  cluster::Centroids centroids(3, 2);
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
  append_scores(make_matrix<double>({}, {{5, 5}, {0, 0}}), cluster::Centroids(1, 2), alone);
  Scores on_equal_centroids;
  append_scores(make_matrix<double>({}, {{0, 0}}), cluster::Centroids(2, 2), on_equal_centroids);

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

TEST(ScoreShards, GivesEachRankItsRowsByTheModelsOwnTransforms) {
  const TemporaryDirectory directory(world());
  const Rows rows = normal_rows(37, 2, 4, 10.0, 4.0);
  std::vector<double> balance;
  std::vector<double> spend;
  for (const auto& row : rows) balance.push_back(row[0]), spend.push_back(row[1]);
  balance[5] = nan;  // filled by the model
  const std::vector<support::ShardColumn> columns = {{"balance", balance}, {"spend, total", spend}};
  support::write_shard(world(), directory / "a.h5", support::rows_of(columns, 0, 20));
  support::write_shard(world(), directory / "b.h5", support::rows_of(columns, 20, 37));
  const io::ShardSet shards(world(), {directory.path()});
  core::Events silent;
  for (portfolio::Precision precision : {portfolio::Precision::float32, portfolio::Precision::float64}) {
    Model model = small_model();
    model.precision = precision;

    const Scores scores = score_shards(world(), shards, model, silent);

    const core::Range mine = core::local_range(world().rank(), 37, world().size());
    ASSERT_EQ(scores.rows(), mine.size());
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
      const auto at = static_cast<std::size_t>(row);
      double x[] = {model.features[0].encoder.encode(balance[at]), model.features[1].encoder.encode(spend[at])};
      if (precision == portfolio::Precision::float32)
        for (double& each : x) each = static_cast<double>(static_cast<float>(each));
      int nearest = 0;
      for (int j = 1; j < 3; ++j)
        if (cluster::squared_distance(x, model.centroids.row(j), 2) <
            cluster::squared_distance(x, model.centroids.row(nearest), 2))
          nearest = j;
      const auto local = static_cast<std::size_t>(row - mine.begin);
      EXPECT_EQ(scores.segment[local], nearest);
      EXPECT_EQ(scores.squared_distance[local], cluster::squared_distance(x, model.centroids.row(nearest), 2));
    }
  }
}

TEST(ScoreShards, NamesTheValueThatTheModelCannotEncode) {
  const TemporaryDirectory directory(world());
  support::write_shard(world(), directory / "a.h5",
                       {{"balance", std::vector{1.0, 2.0}}, {"spend, total", std::vector{1.0, nan}}});
  const io::ShardSet shards(world(), {directory.path()});
  core::Events silent;

  const core::Error error = error_of([&] { score_shards(world(), shards, small_model(), silent); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "spend, total");
  EXPECT_EQ(error.place().first_row, 1);
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

TEST(SumBySegment, AddsARawColumnAndCountsGapsAsZero) {
  const Rows rows = {{0, 0}, {3, 4}, {0, 1}, {0, 11}, {3, 5}};
  const std::vector<double> revenue = {1.5, -2.0, nan, 1e6, 0.25};

  const std::vector<double> totals = sum_by_segment(world(), scores_of(world(), rows), 3, local_part(world(), revenue));

  EXPECT_THAT(totals, ElementsAre(testing::DoubleNear(1.5, 1e-8), testing::DoubleNear(-1.75, 1e-8), 1e6));
  EXPECT_EQ(totals, sum_by_segment({}, scores_of({}, rows), 3, revenue));
}

}  // namespace cardseg::segments
