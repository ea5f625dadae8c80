// Where features are kept, at the borders of a limit.
#include "cardseg/plan/memory_plan.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <regex>

#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/field.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::plan {
namespace {

using core::ExitCode;
using testing::HasSubstr;

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;
constexpr MemoryNeed large{2'000'000, 20};

std::int64_t saving(std::int64_t rows) {
  return planned_bytes({rows, 20}, {}) - planned_streaming_bytes({rows, 20}, {});
}

// The most customers whose features save no more than 16 MiB by being streamed.
std::int64_t most_rows_not_worth_streaming() {
  std::int64_t low = 1;
  std::int64_t high = 10'000'000;
  while (high - low > 1) (saving((low + high) / 2) > 16 * mebibyte ? high : low) = (low + high) / 2;
  return low;
}

bool is_streamed_just_below_what_it_needs(std::int64_t rows, bool is_demanded) {
  return choose_storage({rows, 20}, {}, {planned_bytes({rows, 20}, {}) - 1, is_demanded}).is_streamed;
}

// A job alone, and what it said.
class MemoryPlanTest : public testing::Test {
 protected:
  void SetUp() override { ::unsetenv("SLURM_MEM_PER_NODE"); }
  void TearDown() override { ::unsetenv("SLURM_MEM_PER_NODE"); }

  MemoryPlan planned(const MemoryOptions& options, const MemoryNeed& need) {
    testing::internal::CaptureStderr();
    cli::Console console(cli::LogFormat::text, true, false);
    cli::Phases phases;
    cli::Context context{support::world(), console, phases};
    try {
      MemoryPlan plan = plan_memory(context, options, "somewhere/run", need);
      log_ = testing::internal::GetCapturedStderr();
      return plan;
    } catch (...) {
      testing::internal::GetCapturedStderr();
      throw;
    }
  }
  const std::string& log() const { return log_; }

 private:
  std::string log_;
};

std::string megabytes(std::int64_t count) { return std::to_string(count) + "M"; }

}  // namespace

TEST(StorageChoice, KeepsFeaturesInMemoryUpToTheLastByteOfALimit) {
  const std::int64_t kept = planned_bytes(large, {});

  EXPECT_FALSE(choose_storage(large, {}, {kept, true}).is_streamed);
  EXPECT_EQ(choose_storage(large, {}, {kept, true}).rank_bytes, kept);
  EXPECT_TRUE(choose_storage(large, {}, {kept - 1, true}).is_streamed);
  EXPECT_EQ(choose_storage(large, {}, {kept - 1, true}).rank_bytes, planned_streaming_bytes(large, {}));
}

TEST(StorageChoice, StreamsWhatSavesMoreThanSixteenMebibytesOnly) {
  const std::int64_t rows = most_rows_not_worth_streaming();

  EXPECT_FALSE(is_streamed_just_below_what_it_needs(rows, false));
  EXPECT_TRUE(is_streamed_just_below_what_it_needs(rows + 1, false));
  EXPECT_TRUE(is_streamed_just_below_what_it_needs(rows, true));
}

TEST(StorageChoice, HasNoLimitWhereNoneIsKnown) {
  EXPECT_FALSE(choose_storage(large, {}, {0, false}).is_streamed);
  EXPECT_FALSE(choose_storage(large, {}, {0, true}).is_streamed);
}

TEST(StorageChoice, SaysTheLeastWithWhichARankWouldDo) {
  EXPECT_EQ(choose_storage(large, {}, {}).least_rank_bytes, planned_streaming_bytes(large, {}));
  const MemoryNeed tiny{10, 20};
  EXPECT_EQ(choose_storage(tiny, {}, {1, true}).least_rank_bytes, planned_bytes(tiny, {}));
}

TEST_F(MemoryPlanTest, RefusesALimitThatIsTooLowAndNamesTheLeastThatWorks) {
  const core::Error error = support::error_of([&] { planned({"1M", ""}, large); });
  std::smatch least;
  const std::string text = error.what();
  ASSERT_TRUE(std::regex_search(text, least, std::regex("Use memory-limit ([0-9]+)M or more"))) << text;
  const std::int64_t works = std::stoll(least[1]);

  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_TRUE(planned({megabytes(works), ""}, large).storage.is_streamed());
  EXPECT_EQ(support::error_of([&] { planned({megabytes(works - 1), ""}, large); }).code(), ExitCode::usage);
}

TEST_F(MemoryPlanTest, OnlyWarnsOfALimitThatTheUserDidNotGive) {
  ::setenv("SLURM_MEM_PER_NODE", "10", 1);

  const MemoryPlan plan = planned({}, large);

  EXPECT_TRUE(plan.storage.is_streamed());
  EXPECT_THAT(log(), HasSubstr("SLURM_MEM_PER_NODE leaves 10M"));
  EXPECT_THAT(log(), HasSubstr("the system may end the job"));
}

TEST_F(MemoryPlanTest, FillsTheLimitWithModelsThatShareAPass) {
  MemoryNeed need{2'000'000, 100};
  need.models = 40;
  const std::int64_t least = planned_streaming_bytes(need, {}) / mebibyte + 1;

  const MemoryPlan narrow = planned({megabytes(least + 17), ""}, need);  // 8 MB a model
  const MemoryPlan wide = planned({megabytes(least + 140), ""}, need);

  EXPECT_EQ(narrow.together, 3);
  EXPECT_LE(narrow.rank_bytes, narrow.limit_rank_bytes);
  EXPECT_EQ(wide.together, 16);
  EXPECT_LE(wide.rank_bytes, wide.limit_rank_bytes);
}

TEST_F(MemoryPlanTest, TakesTheNumberOfModelsTogetherThatIsAskedFor) {
  MemoryNeed need = large;
  need.models = 40;
  need.together = 5;

  EXPECT_EQ(planned({"1T", ""}, need).together, 5);
  EXPECT_EQ(planned({"1T", ""}, need).text(), "in memory, 5 restarts share a pass");
  need.models = 2;
  EXPECT_EQ(planned({"1T", ""}, need).together, 2);
}

TEST_F(MemoryPlanTest, PutsScratchWhereItIsToldElseInTmpdirElseBesideTheRun) {
  const support::TemporaryDirectory directory;
  const std::string limit = megabytes(planned_bytes(large, {}) / mebibyte - 1);
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before ? before : "";

  ::setenv("TMPDIR", directory.path().c_str(), 1);
  const MemoryPlan told = planned({limit, "/told"}, large);
  const MemoryPlan temporary = planned({limit, ""}, large);
  ::unsetenv("TMPDIR");
  const MemoryPlan beside = planned({limit, ""}, large);
  if (before) ::setenv("TMPDIR", kept.c_str(), 1);

  EXPECT_EQ(told.storage.scratch, "/told");
  EXPECT_EQ(temporary.storage.scratch, directory.path());
  EXPECT_EQ(beside.storage.scratch, "somewhere");
}

}  // namespace cardseg::plan
