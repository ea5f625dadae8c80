#include "cardseg/segments/score.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"
#include "support/random_rows.hpp"
#include "support/small_model.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::segments {
namespace {

using support::error_of;
using support::normal_rows;
using support::Rows;
using support::small_model;
using support::TemporaryDirectory;
using support::world;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

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

    const ScoredShards scored = score_shards(world(), shards, model, silent);
    const cluster::Scores& scores = scored.local_scores;

    const core::Range mine = core::local_range(world().rank(), 37, world().size());
    ASSERT_EQ(scores.rows(), mine.size());
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
      const auto at = static_cast<std::size_t>(row);
      double x[2] = {encode(model.columns[1].encoder, 0, balance[at]), encode(model.columns[2].encoder, 0, spend[at])};
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
    ASSERT_EQ(scored.shifts.size(), 2U);
    EXPECT_EQ(scored.shifts[0].present, 36);
    EXPECT_EQ(scored.shifts[0].missing, 1);
    EXPECT_EQ(scored.shifts[1].below, std::ranges::count_if(spend, [](double x) { return x < -1.5; }));
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

}  // namespace cardseg::segments
