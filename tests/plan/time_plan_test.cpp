// Which phases a job has, and what they grow with.
#include "cardseg/plan/time_plan.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::plan {
namespace {

using testing::ElementsAre;

JobWork work_of(PlannedJob job) {
  JobWork work;
  work.job = job;
  work.rows = 1'000'000;
  work.shard_bytes = 200'000'000;
  work.shards = 4;
  work.columns = 20;
  work.features = 20;
  work.silhouette_sample = 10'000;
  return work;
}

std::vector<std::string> names_of(const std::vector<PlannedPhase>& phases) {
  std::vector<std::string> names;
  for (const PlannedPhase& phase : phases) names.push_back(phase.name);
  return names;
}

double seconds_of(const JobWork& work, const std::string& name, int ranks = 1, int threads = 1) {
  const std::vector<PlannedPhase> phases = plan_time(work, {}, ranks, threads);
  const auto found = std::ranges::find(phases, name, &PlannedPhase::name);
  return found == phases.end() ? -1.0 : found->elapsed_s;
}

}  // namespace

TEST(TimePlan, HasThePhasesOfTheJob) {
  const auto phases = [](PlannedJob job) { return names_of(plan_time(work_of(job), {}, 2, 1)); };

  EXPECT_THAT(phases(PlannedJob::fit),
              ElementsAre("headers", "load", "seed", "iterate", "bound", "score", "labels", "digest"));
  EXPECT_THAT(phases(PlannedJob::study),
              ElementsAre("headers", "load", "seed", "iterate", "bound", "measure", "sample", "digest"));
  EXPECT_THAT(phases(PlannedJob::assign), ElementsAre("headers", "load", "score", "labels", "digest"));
}

TEST(TimePlan, SharesWorkAmongRanksAndThreadsAndFilesAmongRanksAlone) {
  const JobWork work = work_of(PlannedJob::fit);

  EXPECT_DOUBLE_EQ(seconds_of(work, "iterate", 4, 2), seconds_of(work, "iterate") / 8);
  EXPECT_DOUBLE_EQ(seconds_of(work, "labels", 3, 2), seconds_of(work, "labels") / 3);
}

TEST(TimePlan, GivesAFileOneWriter) {
  const JobWork work = work_of(PlannedJob::fit);  // 4 shards

  for (const char* phase : {"labels", "digest"})
    EXPECT_DOUBLE_EQ(seconds_of(work, phase, 64), seconds_of(work, phase, 4)) << phase;
}

TEST(TimePlan, ReadsOnlyTheColumnsThatAreFeaturesAndStreamedOnesTwice) {
  const JobWork whole = work_of(PlannedJob::fit);
  JobWork half = whole;
  half.columns = 40;
  JobWork streamed = whole;
  streamed.is_streamed = true;

  EXPECT_DOUBLE_EQ(seconds_of(half, "load"), seconds_of(whole, "load") / 2);
  EXPECT_DOUBLE_EQ(seconds_of(streamed, "load"), seconds_of(whole, "load") * 2);
}

TEST(TimePlan, GrowsWithRestartsIterationsAndNumbersOfSegments) {
  const JobWork once = work_of(PlannedJob::fit);
  JobWork more = once;
  more.restarts = 3 * once.restarts;
  more.iterations = 2 * once.iterations;
  JobWork both = once;
  both.segments = {8, 8};

  EXPECT_DOUBLE_EQ(seconds_of(more, "iterate"), 6 * seconds_of(once, "iterate"));
  EXPECT_DOUBLE_EQ(seconds_of(more, "seed"), 3 * seconds_of(once, "seed"));
  EXPECT_DOUBLE_EQ(seconds_of(both, "iterate"), 2 * seconds_of(once, "iterate"));
}

TEST(TimePlan, CountsMovesOnAllCustomersAndTheBoundOfSomeOfThem) {
  JobWork work = work_of(PlannedJob::fit);
  EXPECT_EQ(seconds_of(work, "move"), -1.0);
  work.has_moves = true;
  JobWork both = work;
  both.segments = {8, 8};
  JobWork wide = work;
  wide.features = 129;
  JobWork twice = work;
  twice.rows *= 2;

  EXPECT_GT(seconds_of(work, "move"), 0.0);
  EXPECT_DOUBLE_EQ(seconds_of(both, "move"), 2 * seconds_of(work, "move"));
  EXPECT_GT(seconds_of(work, "bound"), 0.0);
  EXPECT_DOUBLE_EQ(seconds_of(twice, "bound"), seconds_of(work, "bound"));
  EXPECT_EQ(seconds_of(wide, "bound"), 0.0);  // too many pairs: none is computed
}

TEST(TimePlan, SamplesNoMoreCustomersThanThereAre) {
  JobWork small = work_of(PlannedJob::study);
  small.rows = 5'000;
  JobWork all = small;
  all.silhouette_sample = 5'000;

  EXPECT_DOUBLE_EQ(seconds_of(small, "sample"), seconds_of(all, "sample"));
}

TEST(TimePlan, IsTheSumOfItsPhases) { EXPECT_DOUBLE_EQ(total_s({{"load", 1.5}, {"score", 0.25}}), 1.75); }

TEST(TimeConstants, AreThoseOfTheFileThatTheEnvironmentNames) {
  const support::TemporaryDirectory directory;
  TimeConstants measured;
  measured.pass_s_per_value = 5e-9;
  std::ofstream(directory / "measured.json") << to_json(measured);

  ::setenv("CARDSEG_CONSTANTS", (directory / "measured.json").c_str(), 1);
  const TimeConstants named = known_time_constants();
  ::setenv("CARDSEG_CONSTANTS", (directory / "none.json").c_str(), 1);
  const core::ExitCode missing = support::error_of([] { known_time_constants(); }).code();
  ::setenv("CARDSEG_CONSTANTS", "", 1);
  const TimeConstants empty = known_time_constants();
  ::unsetenv("CARDSEG_CONSTANTS");

  EXPECT_EQ(named.pass_s_per_value, 5e-9);
  EXPECT_EQ(missing, core::ExitCode::input_missing);
  EXPECT_EQ(to_json(empty), to_json(TimeConstants{}));
}

TEST(TimeConstants, AreRefusedWhereOneIsNoTime) {
  const support::TemporaryDirectory directory;
  for (const double wrong : {-1e-9, 1.0}) {
    TimeConstants constants;
    constants.load_s_per_byte = wrong;
    std::ofstream(directory / "wrong.json") << to_json(constants);

    const auto error = support::error_of([&] { read_time_constants(directory / "wrong.json"); });
    EXPECT_EQ(error.code(), core::ExitCode::config) << wrong;
  }
}

}  // namespace cardseg::plan
