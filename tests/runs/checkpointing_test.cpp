// From which checkpoints a job goes on, which it refuses, and when it asks for one.
#include "cardseg/run/checkpointing.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "cardseg/io/atomic_file.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;
using cluster::CheckpointRequest;
using core::ExitCode;
using support::error_of;
using support::world;
using testing::HasSubstr;

cluster::FitProgress one_restart_done() {
  cluster::RestartProgress restart;
  restart.is_finished = true;
  restart.result.iterations = 7;
  restart.result.course.assign(7, 0.5);
  restart.result.states.assign(7, 3);
  restart.result.centroids = cluster::Centroids(1, 1);
  return {{restart}};
}

class CheckpointingTest : public testing::Test {
 protected:
  void SetUp() override {
    if (world().is_root()) {
      fs::create_directory(directory_ / "shards");
      fs::create_directory(run_directory());
    }
    write_customers({1.0, 2.0, 3.0});
  }

  fs::path run_directory() const { return directory_ / "run"; }
  fs::path path(const std::string& name) const { return run_directory() / name; }

  void write_customers(const std::vector<double>& balances) const {
    support::write_shard(world(), directory_ / "shards" / "a.h5", {{"balance", balances}});
  }
  void write_as_root(const std::string& name, const std::string& text) const {
    if (world().is_root()) io::write_file(path(name), text);
    world().barrier();
  }
  void damage(const std::string& slot) const {
    if (world().is_root()) std::ofstream(path(slot)) << "cardseg-checkpoint 1 ?";
    world().barrier();
  }

  // A job of these settings that looks for a checkpoint.
  Checkpointing begun() {
    const io::ShardSet shards(world(), {directory_ / "shards"});
    return {context_, options_, {run_directory().string(), overwrite_}, identity_, shards};
  }
  // Leaves `count` checkpoints of these settings.
  void leave_checkpoints(int count) {
    Checkpointing job = begun();
    for (int i = 0; i < count; ++i) job.save(one_restart_done(), true);
  }
  bool has_checkpoint() const { return find_checkpoint(run_directory()).newest.has_value(); }

  support::TemporaryDirectory directory_{world()};
  cli::Console console_{cli::LogFormat::text, false, false};
  cli::Phases phases_;
  cli::Context context_{world(), console_, phases_};
  CheckpointOptions options_;
  RunIdentity identity_{"fit", {{"seed", "1"}}};
  bool overwrite_ = false;
};

}  // namespace

TEST_F(CheckpointingTest, BeginsWhereThereIsNothing) {
  const Checkpointing job = begun();

  EXPECT_FALSE(job.is_resumed());
  EXPECT_FALSE(job.is_complete());
  EXPECT_TRUE(job.start().restarts.empty());
}

TEST_F(CheckpointingTest, GoesOnFromACheckpointOfItself) {
  leave_checkpoints(1);

  const Checkpointing job = begun();

  EXPECT_TRUE(job.is_resumed());
  ASSERT_EQ(job.start().restarts.size(), 1U);
  EXPECT_EQ(job.start().restarts[0].result.iterations, 7);
}

TEST_F(CheckpointingTest, RefusesACheckpointOfOtherSettingsAndNamesThem) {
  leave_checkpoints(1);

  identity_.config = {{"seed", "2"}};
  const core::Error other_seed = error_of([&] { begun(); });
  identity_ = {"study", {{"seed", "1"}}};
  const core::Error other_job = error_of([&] { begun(); });

  EXPECT_EQ(other_seed.code(), ExitCode::cannot_create);
  EXPECT_THAT(other_seed.what(), HasSubstr("--seed was 1 and is now 2"));
  EXPECT_EQ(other_job.code(), ExitCode::cannot_create);
  EXPECT_THAT(other_job.what(), HasSubstr("the job was fit and is now study"));
  EXPECT_TRUE(has_checkpoint());
}

TEST_F(CheckpointingTest, RefusesACheckpointOfOtherShards) {
  leave_checkpoints(1);
  write_customers({1.0, 2.0, 3.0, 4.0});

  const core::Error error = error_of([&] { begun(); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("shard a.h5 was 3 rows"));
}

TEST_F(CheckpointingTest, RemovesWhatIsThereWhereItIsToldToBeginAgain) {
  leave_checkpoints(2);
  damage("checkpoint.0");
  identity_.config = {{"seed", "2"}};
  options_.restart_from_scratch = true;

  const Checkpointing job = begun();

  EXPECT_FALSE(job.is_resumed());
  EXPECT_FALSE(has_checkpoint());
}

TEST_F(CheckpointingTest, GoesOnFromTheOtherSlotWhereOneIsDamagedAndRefusesTwoSuch) {
  leave_checkpoints(2);
  damage("checkpoint.1");
  EXPECT_TRUE(begun().is_resumed());

  damage("checkpoint.0");
  const core::Error error = error_of([&] { begun(); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("restart-from-scratch"));
}

TEST_F(CheckpointingTest, HasNothingToDoWhereTheRunIsWholeButForItsCheckpoint) {
  leave_checkpoints(1);
  write_as_root("manifest.json", "whole");

  Checkpointing job = begun();
  EXPECT_TRUE(job.is_complete());
  EXPECT_FALSE(job.is_resumed());
  job.finish();

  EXPECT_FALSE(has_checkpoint());
}

TEST_F(CheckpointingTest, LeavesAWholeRunOfOtherSettingsToWhoeverPreparesItsDirectory) {
  leave_checkpoints(1);
  write_as_root("manifest.json", "whole");
  identity_.config = {{"seed", "2"}};

  EXPECT_FALSE(begun().is_complete());
  EXPECT_FALSE(begun().is_resumed());
  EXPECT_TRUE(has_checkpoint());

  overwrite_ = true;
  EXPECT_FALSE(begun().is_resumed());
  EXPECT_FALSE(has_checkpoint());
}

TEST_F(CheckpointingTest, GoesOnReplacingTheRunThatItHadBegunToReplace) {
  write_as_root("manifest.json", "the run before");
  overwrite_ = true;
  leave_checkpoints(1);

  overwrite_ = false;

  EXPECT_TRUE(begun().is_resumed());
}

TEST_F(CheckpointingTest, AsksForACheckpointAfterItsPeriodAlone) {
  const CheckpointRequest often = world().is_root() ? CheckpointRequest::save : CheckpointRequest::none;

  EXPECT_EQ(begun().request(), CheckpointRequest::none);
  options_.every = "0.0000001s";
  EXPECT_EQ(begun().request(), often);
}

TEST_F(CheckpointingTest, StopsBeforeAnIterationThatWouldNotEndInTime) {
  const CheckpointRequest late = world().is_root() ? CheckpointRequest::stop : CheckpointRequest::none;
  options_.max_runtime = "1h";

  EXPECT_EQ(begun().request(), CheckpointRequest::none);
  context_.started -= std::chrono::minutes(59);
  EXPECT_EQ(begun().request(), CheckpointRequest::none);
  context_.started -= std::chrono::minutes(1);
  EXPECT_EQ(begun().request(), late);
}

TEST_F(CheckpointingTest, GoesOnWithoutACheckpointThatCannotBeWrittenUnlessItMust) {
  Checkpointing job = begun();
  world().barrier();
  if (world().is_root()) {
    fs::remove_all(run_directory());
    std::ofstream(run_directory()) << "a file";
  }
  world().barrier();

  EXPECT_NO_THROW(job.save(one_restart_done(), false));
  EXPECT_THROW(job.save(one_restart_done(), true), core::Error);
}

TEST(CheckpointOptions, AreTimes) {
  const auto code_of = [](const std::string& every, const std::string& max_runtime) {
    return error_of([&] { validate(CheckpointOptions{every, max_runtime, false}); }).code();
  };

  EXPECT_NO_THROW(validate(CheckpointOptions{"90s", "1h30m", false}));
  EXPECT_EQ(code_of("", ""), ExitCode::usage);
  EXPECT_EQ(code_of("0", ""), ExitCode::usage);
  EXPECT_EQ(code_of("5m", "soon"), ExitCode::usage);
}

}  // namespace cardseg::run
