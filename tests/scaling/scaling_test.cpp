#include "cardseg/scaling/scaling.hpp"

#include <gmock/gmock.h>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/generate/mixture.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::scaling {
namespace {

using comm::Communicator;
using portfolio::FeatureMatrix;
using support::world;
using testing::ElementsAre;

ScalingOptions small_options(ScalingKind kind) {
  ScalingOptions options;
  options.kind = kind;
  for (int p = 1; p <= world().size(); ++p) options.ranks.push_back(p);
  options.repeats = 2;
  options.customers = 400;
  options.fit.segments = 3;
  options.fit.restarts = 1;
  options.fit.max_iterations = 4;
  options.fit.seeding = cluster::Seeding::first;
  return options;
}

FeatureMatrix<float> customers_of(const Communicator& group, std::int64_t customers, std::uint64_t seed = 1) {
  return generate::make_mixture<float>({.features = 4, .clusters = 3, .seed = seed},
                                       core::local_range(group.rank(), customers, group.size()));
}

std::vector<ScalingPoint> measure(const ScalingOptions& options, const MatrixMaker<float>& make) {
  core::Events silent;
  return measure_scaling(world(), options, make, silent);
}

std::vector<ScalingPoint> measure(const ScalingOptions& options) {
  return measure(options, [](const Communicator& group, std::int64_t n) { return customers_of(group, n); });
}

ScalingRun run_of(double iteration_s) {
  return {iteration_s, 0.5 * iteration_s, 0.75 * iteration_s, 0.25 * iteration_s};
}

ScalingPoint point_of(int ranks, const std::vector<double>& seconds) {
  ScalingPoint point;
  point.ranks = ranks;
  for (double each : seconds) point.runs.push_back(run_of(each));
  return point;
}

}  // namespace

TEST(Scaling, MeasuresEachNumberOfRanksWithTheSameBytes) {
  const ScalingOptions options = small_options(ScalingKind::strong);

  const std::vector<ScalingPoint> points = measure(options);

  if (!world().is_root()) return;
  ASSERT_EQ(points.size(), options.ranks.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].ranks, options.ranks[i]);
    EXPECT_EQ(points[i].placement.threads, options.ranks[i]);
    EXPECT_EQ(points[i].customers, 400);
    EXPECT_EQ(points[i].runs.size(), 2U);
    EXPECT_EQ(points[i].digest, points[0].digest);
    for (const ScalingRun& run : points[i].runs) {
      EXPECT_GT(run.iteration_s, 0);
      EXPECT_LE(run.assign_s, run.slowest_assign_s * (1 + 1e-12));
      EXPECT_LE(run.slowest_assign_s, run.iteration_s);
    }
  }
}

TEST(Scaling, CountsOneAgreementAndOneSumAnIteration) {
  const std::vector<ScalingPoint> points = measure(small_options(ScalingKind::strong));

  if (!world().is_root()) return;
  EXPECT_EQ(points.front().messages, 0);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_EQ(points[i].messages, 2);
    EXPECT_EQ(points[i].bytes, 8 + 8 * (3 * (4 + 1) + 3 + 2));  // 3 segments, 4 features; 3 counts, 2 wishes
  }
}

TEST(Scaling, GivesEachRankAsManyCustomersWhereItIsWeak) {
  const std::vector<ScalingPoint> points = measure(small_options(ScalingKind::weak));

  if (!world().is_root()) return;
  for (const ScalingPoint& point : points) EXPECT_EQ(point.customers, 400 * point.ranks);
}

TEST(Scaling, RefusesAFitThatRepeatsWithOtherBytes) {
  ScalingOptions options = small_options(ScalingKind::strong);
  if (options.ranks.size() < 2) GTEST_SKIP() << "needs two ranks";
  options.ranks = {1, world().size()};

  const core::Error error = support::error_of([&] {
    measure(options, [](const Communicator& group, std::int64_t n) {
      return customers_of(group, n, static_cast<std::uint64_t>(group.size()));
    });
  });

  EXPECT_EQ(error.code(), core::ExitCode::internal);
  EXPECT_THAT(error.what(), testing::HasSubstr("found other centroids for 400 customers"));
}

TEST(Scaling, RefusesWhereMoreRanksFindSomethingElseOfTheSameCustomers) {
  const ScalingOptions options = small_options(ScalingKind::weak);
  if (options.ranks.size() < 2) GTEST_SKIP() << "needs two ranks";
  bool has_measured_all = false;

  const core::Error error = support::error_of([&] {
    measure(options, [&](const Communicator& group, std::int64_t n) {
      const bool is_again = has_measured_all;
      has_measured_all = group.size() == world().size();
      return customers_of(group, n, is_again ? 2 : 1);
    });
  });

  EXPECT_EQ(error.code(), core::ExitCode::internal);
}

TEST(Scaling, ThrowsOnAllRanksWhatAGroupThrows) {
  const ScalingOptions options = small_options(ScalingKind::strong);

  const core::Error error = support::error_of([&] {
    measure(options, [](const Communicator& group, std::int64_t n) {
      return comm::agree(group, [&]() -> FeatureMatrix<float> {
        if (group.is_root()) throw core::Error(core::ExitCode::io, "disk");
        return customers_of(group, n);
      });
    });
  });

  EXPECT_EQ(error.code(), core::ExitCode::io);
}

TEST(RankList, IsSortedAndChecked) {
  EXPECT_THAT(parse_rank_list("4,1,2", 4), ElementsAre(1, 2, 4));
  EXPECT_THAT(parse_rank_list("3", 8), ElementsAre(3));
}

TEST(RankList, IsPowersOfTwoAndAllByDefault) {
  EXPECT_THAT(parse_rank_list("", 1), ElementsAre(1));
  EXPECT_THAT(parse_rank_list("", 6), ElementsAre(1, 2, 4, 6));
  EXPECT_THAT(parse_rank_list("", 8), ElementsAre(1, 2, 4, 8));
}

TEST(RankList, RefusesWhatCannotBeMeasured) {
  const auto reason = [](const char* text) {
    return core::with_fields(support::error_of([&] { parse_rank_list(text, 4); }).reason(), "");
  };

  EXPECT_EQ(reason("1,8"), "ranks holds 8, but 4 ranks were started");
  EXPECT_EQ(reason("0,1"), "ranks cannot hold 0");
  EXPECT_EQ(reason("-1"), "ranks cannot hold -1");
  EXPECT_EQ(reason("1,2,1"), "ranks holds 1 twice");
  for (const char* text : {"1,,2", "two", "1,2,", "1.5", "99999999999"})
    EXPECT_EQ(reason(text), std::string("ranks cannot be '") + text + "'");
}

TEST(ScalingSummary, TakesMediansAndExtremes) {
  const ScalingSummary summary = summarise(ScalingKind::strong, {point_of(1, {4, 1, 2})}).front();

  EXPECT_EQ(summary.median_s, 2);
  EXPECT_EQ(summary.min_s, 1);
  EXPECT_EQ(summary.max_s, 4);
  EXPECT_EQ(summary.assign_s, 1);
  EXPECT_EQ(summary.update_s, 0.5);
  EXPECT_EQ(summary.communication_share, 0.25);
  EXPECT_EQ(summary.imbalance, 1.5);
}

TEST(ScalingSummary, MeasuresStrongSpeedUpFromTheFewestRanks) {
  const auto summaries = summarise(ScalingKind::strong, {point_of(2, {6}), point_of(4, {4})});

  EXPECT_EQ(summaries[0].speedup, 2);
  EXPECT_EQ(summaries[0].efficiency, 1);
  EXPECT_EQ(summaries[1].speedup, 3);
  EXPECT_EQ(summaries[1].efficiency, 0.75);
}

TEST(ScalingSummary, MeasuresWeakSpeedUpInCustomersASecond) {
  const auto summaries = summarise(ScalingKind::weak, {point_of(1, {4}), point_of(8, {5})});

  EXPECT_DOUBLE_EQ(summaries[1].speedup, 6.4);
  EXPECT_DOUBLE_EQ(summaries[1].efficiency, 0.8);
}

}  // namespace cardseg::scaling
