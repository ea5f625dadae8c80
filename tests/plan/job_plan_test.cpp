#include "cardseg/plan/job_plan.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "cardseg/plan/job_plan_text.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

#include "cardseg/core/field.hpp"

namespace cardseg::plan {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr std::int64_t gigabyte = 1'000'000'000;

JobWork work_of(std::int64_t rows) {
  JobWork work;
  work.rows = rows;
  work.shard_bytes = rows * 200;
  work.shards = 16;
  work.columns = 25;
  work.features = 20;
  return work;
}

JobPlan plan_of(std::int64_t rows, const NodeOptions& asked) { return plan_job(work_of(rows), {rows, 20}, asked, {}); }

}  // namespace

TEST(JobPlan, TakesRanksAndNodesAsAsked) {
  const JobPlan plan = plan_of(10'000'000, {.ranks = 6, .nodes = 4, .threads = 2, .node_cores = 4});

  EXPECT_EQ(plan.shape.ranks, 6);
  EXPECT_EQ(plan.shape.node_ranks, 2);
  EXPECT_EQ(plan.rank_rows, 1'666'667);
  EXPECT_THAT(slurm_options(plan),
              testing::IsSupersetOf({"--nodes=4", "--ntasks=6", "--ntasks-per-node=2", "--cpus-per-task=2"}));
}

TEST(JobPlan, ChoosesARankForEachHalfMillionCustomersAsFarAsThereAreCores) {
  EXPECT_EQ(plan_of(400'000, {.node_cores = 64}).shape.ranks, 1);
  EXPECT_EQ(plan_of(10'000'000, {.node_cores = 64}).shape.ranks, 20);
  EXPECT_EQ(plan_of(10'000'000, {.threads = 4, .node_cores = 16}).shape.ranks, 4);
}

TEST(JobPlan, ChoosesTheFewestNodesThatHoldTheFeatures) {
  const NodeOptions asked{.node_cores = 8, .node_bytes = 4 * gigabyte};
  const JobPlan plan = plan_of(100'000'000, asked);  // 10.4 GB and 45 MB a rank

  EXPECT_EQ(plan.nodes, 3);
  EXPECT_FALSE(plan.is_streamed);
  EXPECT_LE(plan.node_bytes, asked.node_bytes);
}

TEST(JobPlan, StreamsOnNodesThatCannotHoldTheFeaturesAndSaysHowManyCould) {
  const JobPlan plan = plan_of(100'000'000, {.nodes = 1, .node_cores = 8, .node_bytes = 4 * gigabyte});

  EXPECT_TRUE(plan.is_streamed);
  EXPECT_THAT(plan.warnings, Contains(HasSubstr(core::field("nodes") + " 3 would hold them")));
}

TEST(JobPlan, RefusesNodesThatCannotHoldTheJobAndNamesTheFewestThatCan) {
  const NodeOptions asked{.nodes = 1, .node_cores = 8, .node_bytes = gigabyte};
  const auto error = support::error_of([&] { plan_of(100'000'000, asked); });

  EXPECT_EQ(error.code(), core::ExitCode::config);
  EXPECT_THAT(error.what(), HasSubstr("Use nodes 4 (the fewest that can)"));
  NodeOptions enough = asked;
  enough.nodes = 4;
  EXPECT_TRUE(plan_of(100'000'000, enough).is_streamed);
  enough.nodes = 3;
  EXPECT_EQ(support::error_of([&] { plan_of(100'000'000, enough); }).code(), core::ExitCode::config);
}

TEST(JobPlan, TakesFewerRanksWhereMemoryHoldsNoMore) {
  const JobPlan plan = plan_of(1'000'000, {.nodes = 1, .node_cores = 64, .node_bytes = 150'000'000});

  EXPECT_EQ(plan.shape.ranks, 1);
  EXPECT_FALSE(plan.is_streamed);
}

TEST(JobPlan, WarnsOfRanksThatHaveTooLittleToDo) {
  EXPECT_THAT(plan_of(300'000, {.ranks = 8, .node_cores = 8}).warnings, Contains(HasSubstr("37500 customers at most")));
  EXPECT_THAT(plan_of(3'000'000, {.ranks = 8, .node_cores = 8}).warnings, testing::IsEmpty());
  EXPECT_THAT(plan_of(3'000, {.ranks = 1, .node_cores = 8}).warnings, testing::IsEmpty());
}

TEST(MemoryModel, GrowsWithWhatARankHolds) {
  const MemoryNeed need{1'000'000, 20};

  const auto alone = planned_bytes(need, {});

  EXPECT_EQ(alone, 42'000'000 + 1'000'000 * (4 * 20 + 24));
  EXPECT_LT(planned_bytes(need, {.ranks = 2, .node_ranks = 2}), alone);
  EXPECT_GT(planned_bytes(need, {.threads = 8}), alone);
  EXPECT_GT(planned_bytes(need, {.ranks = 2, .node_ranks = 1}), planned_bytes(need, {.ranks = 2, .node_ranks = 2}));
  EXPECT_LT(planned_streaming_bytes(need, {}), alone);
  EXPECT_LT(planned_scoring_bytes(need, {}), alone);
}

TEST(MemoryModel, StreamsWhereALimitIsDemandedAndKeepsWhatWouldSaveNextToNothing) {
  const MemoryNeed large{10'000'000, 20};
  const MemoryNeed small{10'000, 20};

  EXPECT_FALSE(choose_storage(large, {}, {}).is_streamed);
  EXPECT_TRUE(choose_storage(large, {}, {.bytes = 500'000'000}).is_streamed);
  EXPECT_FALSE(choose_storage(small, {}, {.bytes = 42'000'000}).is_streamed);
  EXPECT_TRUE(choose_storage(small, {}, {.bytes = 42'000'000, .is_demanded = true}).is_streamed);
}

TEST(JobPlan, RefusesNodesWithoutARank) {
  const auto error = support::error_of([] { plan_of(1000, {.ranks = 2, .nodes = 3}); });

  EXPECT_EQ(error.code(), core::ExitCode::usage);
}

TEST(JobPlan, TakesLessTimeOnMoreRanksAndMoreForMoreSegments) {
  const JobWork work = work_of(10'000'000);
  JobWork more_segments = work;
  more_segments.segments = {16};
  JobWork streamed = work;
  streamed.is_streamed = true;

  EXPECT_LT(total_s(plan_time(work, {}, 4, 1)), total_s(plan_time(work, {}, 2, 1)));
  EXPECT_GT(total_s(plan_time(more_segments, {}, 2, 1)), total_s(plan_time(work, {}, 2, 1)));
  EXPECT_GT(total_s(plan_time(streamed, {}, 2, 1)), total_s(plan_time(work, {}, 2, 1)));
}

TEST(JobPlan, SeedsOnSamplesInLessTime) {
  JobWork work = work_of(10'000'000);
  work.segments = {2, 8, 2000};
  JobWork sampled = work;
  sampled.sampled_rows = sampled_rows({}, work.segments, work.rows, work.features);

  EXPECT_EQ(sampled.sampled_rows, (std::vector<std::int64_t>{65536, 65536, 512'000}));
  EXPECT_LT(total_s(plan_time(sampled, {}, 2, 1)), total_s(plan_time(work, {}, 2, 1)));
}

TEST(TimeConstants, AreReadBackAsTheyWereSaved) {
  const support::TemporaryDirectory scratch;
  TimeConstants saved;
  saved.load_s_per_byte = 1.25e-9;
  std::ofstream(scratch / "constants.json") << to_json(saved);

  const TimeConstants read = read_time_constants(scratch / "constants.json");

  EXPECT_EQ(to_json(read), to_json(saved));
  EXPECT_THAT(read.source_text(), HasSubstr("constants.json"));
  EXPECT_THAT(saved.source_text(), HasSubstr("built-in"));
}

TEST(TimeConstants, AreRefusedWhereTheFileHoldsSomethingElse) {
  const support::TemporaryDirectory scratch;
  for (const char* text : {"", "{}", "{\"format\": \"cardseg-time-constants\"}", "[1]"}) {
    std::ofstream(scratch / "constants.json") << text;
    const auto error = support::error_of([&] { read_time_constants(scratch / "constants.json"); });
    EXPECT_EQ(error.code(), core::ExitCode::config);
  }
}

}  // namespace cardseg::plan
