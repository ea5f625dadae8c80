// What the files of a run directory say of its state.
#include "cardseg/run/run_status.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/checkpoint.hpp"
#include "cardseg/run/run_files.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;
using core::ExitCode;
using support::error_of;
using testing::HasSubstr;

class RunStatusTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const { io::write_file(directory() / name, text); }
  void write_owner(const io::Owner& owner) const { write(io::owner_file, io::to_json(owner)); }
  static io::Owner gone() {
    io::Owner owner = io::this_owner("fit");
    owner.process_start = "1";
    return owner;
  }
  RunState state() const { return find_status(directory()).state; }
  std::string text() const { return text_of(find_status(directory()), "run"); }
  const fs::path& directory() const { return scratch_.path(); }

  support::TemporaryDirectory scratch_;
};

Progress half_of_a_fit() {
  Progress progress;
  progress.owner = io::this_owner("fit");
  progress.time = "2026-02-03T04:05:06Z";
  progress.ranks = 4;
  progress.threads = 2;
  progress.phase = "fit";
  progress.phase_s = 30;
  progress.done = 5;
  progress.total = 20;
  progress.detail = "restart 2 of 10, iteration 7";
  progress.facts = {{"restart", std::int64_t{2}}, {"inertia", 0.5}};
  progress.peak_memory_bytes = 123000000;
  return progress;
}

}  // namespace

TEST(Progress, ReadsBackToTheSameText) {
  const std::string text = to_json(half_of_a_fit());

  EXPECT_EQ(to_json(progress_record_from_json(text)), text);
}

TEST(Progress, RefusesWhatIsNone) {
  for (const char* text : {"", "{}", "[]", "{\"format\": \"cardseg-progress\"}"})
    EXPECT_EQ(error_of([&] { progress_record_from_json(text); }).code(), ExitCode::bad_data) << text;
}

TEST(Progress, KnowsItsShareAndTheTimeLeft) {
  Progress progress = half_of_a_fit();
  EXPECT_EQ(progress.share(), 0.25);
  EXPECT_EQ(progress.left_s(), 90.0);

  progress.total = 0;
  EXPECT_LT(progress.share(), 0);
  EXPECT_LT(progress.left_s(), 0);
}

TEST(ProgressRecord, IsThatOfTheLastReport) {
  ProgressRecord record(half_of_a_fit());
  const core::Fact facts[] = {{"iteration", std::int64_t{8}}};

  record.progress("fit", 6, 20, "iteration 8", facts);
  record.progress("score", 1, 2);

  const Progress now = record.now();
  EXPECT_EQ(now.phase, "score");
  EXPECT_EQ(now.share(), 0.5);
  EXPECT_EQ(now.detail, "");
  EXPECT_TRUE(now.facts.empty());
  EXPECT_EQ(now.ranks, 4);
}

TEST_F(RunStatusTest, IsRunningWhileItsOwnerLives) {
  write_owner(io::this_owner("fit"));
  write(io::progress_file, to_json(half_of_a_fit()));

  EXPECT_EQ(state(), RunState::running);
  EXPECT_THAT(text(), HasSubstr("runs: fit, process " + std::to_string(::getpid())));
  EXPECT_THAT(text(), HasSubstr("\nphase       fit, 25 %, for 30 s, about 1:30 min left"));
  EXPECT_THAT(text(), HasSubstr("\nat          restart 2 of 10, iteration 7"));
  EXPECT_THAT(text(), HasSubstr("\nranks       4, 2 threads each"));
  EXPECT_THAT(text(), HasSubstr("\nmemory      123 MB at most on rank 0"));
  EXPECT_THAT(to_json(find_status(directory())), HasSubstr("\"state\": \"running\""));
}

TEST_F(RunStatusTest, IsStaleWhereItsOwnerIsGone) {
  write_owner(gone());

  EXPECT_EQ(state(), RunState::stale);
  EXPECT_THAT(text(), HasSubstr("is stale, its job is gone: fit, process"));
}

TEST_F(RunStatusTest, IsStoppedWhereThereIsACheckpoint) {
  Checkpoint checkpoint;
  checkpoint.written = "2026-02-03T04:05:06Z";
  write_checkpoint(directory(), checkpoint);

  EXPECT_EQ(state(), RunState::stopped);
  EXPECT_THAT(text(), HasSubstr("checkpoint  checkpoint.0 of 2026-02-03T04:05:06Z"));
  EXPECT_THAT(text(), HasSubstr("run the same command again: it goes on from there"));
}

TEST_F(RunStatusTest, IsFinishedWithAManifestAlsoWhereTheOwnerWasKilledBehindIt) {
  write(files::manifest, "{}");
  write(files::run_record, R"({"finished": "2026-02-03T04:05:06Z"})");
  EXPECT_EQ(state(), RunState::finished);
  EXPECT_THAT(text(), HasSubstr("is finished, 2026-02-03T04:05:06Z"));

  write_owner(gone());
  EXPECT_EQ(state(), RunState::finished);

  write_owner(io::this_owner("fit"));  // another one, with --overwrite
  EXPECT_EQ(state(), RunState::running);
  EXPECT_THAT(text(), HasSubstr("earlier run is there until this one replaces it"));
}

TEST_F(RunStatusTest, IsUnfinishedWhereOnlyPartsAreLeft) {
  write(files::model, "{}");

  EXPECT_EQ(state(), RunState::unfinished);
  EXPECT_THAT(text(), HasSubstr("run the job again with --overwrite"));
}

TEST_F(RunStatusTest, IsNoneOfADirectoryWithoutARun) {
  write("notes.txt", "mine");

  EXPECT_EQ(error_of([&] { find_status(directory()); }).code(), ExitCode::bad_data);
  EXPECT_EQ(error_of([&] { find_status(directory() / "none"); }).code(), ExitCode::input_missing);
}

}  // namespace cardseg::run
