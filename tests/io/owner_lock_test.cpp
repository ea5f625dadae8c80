// Who may write into a directory, and when an owner counts as gone.
#include "cardseg/io/owner_lock.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "cardseg/io/atomic_file.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

namespace fs = std::filesystem;
using core::ExitCode;
using support::error_of;
using testing::HasSubstr;

class OwnerLockTest : public testing::Test {
 protected:
  fs::path run() const { return scratch_ / "a" / "run"; }
  fs::path file() const { return run() / owner_file; }

  // Another job's file, whose last sign of life is `age_s` old.
  void leave(const Owner& owner, int age_s = 0) const {
    fs::create_directories(run());
    write_file(file(), to_json(owner));
    const timespec then{::time(nullptr) - age_s, 0};
    const timespec times[2] = {then, then};
    ::utimensat(AT_FDCWD, file().c_str(), times, 0);
  }
  static Owner on_another_machine() {
    Owner owner = this_owner("fit");
    owner.host = "n7";
    owner.machine = "another boot";
    return owner;
  }
  void expect_taken_over(const Owner& from) const {
    const OwnerLock lock(run(), "fit");
    ASSERT_TRUE(lock.replaced().has_value());
    EXPECT_EQ(*lock.replaced(), from);
  }

  support::TemporaryDirectory scratch_;
};

}  // namespace

TEST_F(OwnerLockTest, MakesDirectoriesAndRemovesThemWhereTheyStayEmpty) {
  { const OwnerLock lock(run(), "fit"); }
  EXPECT_FALSE(fs::exists(scratch_ / "a"));

  fs::create_directory(scratch_ / "a");
  { const OwnerLock lock(run(), "fit"); }
  EXPECT_TRUE(fs::exists(scratch_ / "a"));
  EXPECT_FALSE(fs::exists(run()));
}

TEST_F(OwnerLockTest, LeavesNothingButWhatTheJobWrote) {
  {
    const OwnerLock lock(run(), "fit");
    write_file(run() / "model.json", "x");
    write_file(run() / progress_file, "{}");
    EXPECT_TRUE(fs::exists(file()));
  }

  EXPECT_EQ(std::distance(fs::directory_iterator(run()), {}), 1);
}

TEST_F(OwnerLockTest, RefusesASecondJobAndNamesTheFirst) {
  const OwnerLock first(run(), "study");

  const core::Error error = error_of([&] { OwnerLock(run(), "fit"); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(),
              HasSubstr("another job works in this directory: study, process " + std::to_string(::getpid()) + " on "));
  EXPECT_THAT(error.what(), HasSubstr("Wait for it, or choose another output"));
  first.check();
}

TEST_F(OwnerLockTest, TakesOverFromAProcessThatIsGone) {
  const pid_t child = ::fork();
  if (child == 0) {
    const OwnerLock lock(run(), "fit");
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  const std::optional<FoundOwner> found = find_owner(run());
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->is_here && found->is_gone);

  expect_taken_over(found->owner);
}

TEST_F(OwnerLockTest, KnowsAProcessThatHasTheNumberOfAnother) {
  Owner owner = this_owner("fit");
  owner.process_start = "1";
  leave(owner);

  expect_taken_over(owner);
}

TEST_F(OwnerLockTest, JudgesOtherMachinesBySignsOfLife) {
  leave(on_another_machine(), 60);

  const core::Error error = error_of([&] { OwnerLock(run(), "fit"); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr(" on n7 since "));
  EXPECT_THAT(error.what(), HasSubstr("it counts as gone 3:00 min after its last sign of life, which was 1:0"));

  leave(on_another_machine(), 200);
  expect_taken_over(on_another_machine());
}

TEST_F(OwnerLockTest, GivesARequeuedJobItsOwnPlaceAtOnce) {
  Owner before = on_another_machine();
  before.slurm_job = "17";
  before.slurm_cluster = "big";
  Owner now = before;

  EXPECT_FALSE(is_run_again(before, now));  // another step of the same start
  now.slurm_restarts = 1;
  EXPECT_TRUE(is_run_again(before, now));
  EXPECT_FALSE(is_run_again(now, before));
  now.slurm_job = "18";
  EXPECT_FALSE(is_run_again(before, now));
  now.slurm_job = "17";
  now.slurm_cluster = "small";
  EXPECT_FALSE(is_run_again(before, now));
  EXPECT_FALSE(is_run_again(on_another_machine(), on_another_machine()));

  ::setenv("SLURM_JOB_ID", "17", 1);
  ::setenv("SLURM_CLUSTER_NAME", "big", 1);
  ::setenv("SLURM_RESTART_COUNT", "1", 1);
  leave(before);
  expect_taken_over(before);
  for (const char* name : {"SLURM_JOB_ID", "SLURM_CLUSTER_NAME", "SLURM_RESTART_COUNT"}) ::unsetenv(name);
}

TEST_F(OwnerLockTest, NoticesThatItWasTakenOver) {
  const OwnerLock lock(run(), "fit");
  leave(on_another_machine());

  const core::Error error = error_of([&] { lock.check(); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("another job has taken this directory over: fit, process "));
  EXPECT_THAT(error.what(), HasSubstr(" on n7"));
}

TEST_F(OwnerLockTest, LeavesTheFileOfWhoeverTookOver) {
  {
    const OwnerLock lock(run(), "fit");
    leave(on_another_machine());
  }
  EXPECT_EQ(find_owner(run())->owner, on_another_machine());
}

TEST_F(OwnerLockTest, NoticesThatItsFileIsGone) {
  const OwnerLock lock(run(), "fit");
  fs::remove(file());

  EXPECT_THAT(error_of([&] { lock.check(); }).what(), HasSubstr("this job's file owner.json is gone from it"));
}

TEST_F(OwnerLockTest, LeavesAFileThatIsNotOfCardseg) {
  fs::create_directories(run());
  write_file(file(), "{\"name\": \"somebody\"}");

  const core::Error error = error_of([&] { OwnerLock(run(), "fit"); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("a file of this name is in the way"));
  EXPECT_EQ(read_file(file()), "{\"name\": \"somebody\"}");
}

TEST_F(OwnerLockTest, RemovesWhatAKillLeftOfAnotherAttempt) {
  fs::create_directories(run());
  write_file(run() / "owner.json.n1-17.partial", "half");

  const OwnerLock lock(run(), "fit");

  EXPECT_FALSE(fs::exists(run() / "owner.json.n1-17.partial"));
}

TEST_F(OwnerLockTest, ShowsSignsOfLife) {
  const OwnerLock lock(run(), "fit");
  leave(lock.owner(), 100);
  EXPECT_GT(find_owner(run())->silent_s, 90);

  lock.beat();

  EXPECT_LT(find_owner(run())->silent_s, 30);
}

// Many processes try at once and again: no two of them are owners at the same time.
TEST_F(OwnerLockTest, HasOneOwnerAtATimeHoweverManyTry) {
  fs::create_directories(scratch_ / "turns");
  constexpr int processes = 6;
  for (int i = 0; i < processes; ++i) {
    if (::fork() != 0) continue;
    int failures = 0;
    for (int turn = 0; turn < 40; ++turn) {
      try {
        const OwnerLock lock(run(), "fit");
        const fs::path alone = scratch_ / "turns" / "alone";
        failures += fs::create_directory(alone) ? 0 : 1;
        fs::remove(alone);
        if (turn % 10 == 9 && i % 2 == 0) ::kill(::getpid(), SIGKILL);  // and leaves its file
      } catch (const core::Error& error) {
        failures += error.code() == ExitCode::cannot_create ? 0 : 1;
      } catch (const std::exception&) {
        ++failures;
      }
    }
    ::_exit(failures == 0 ? 0 : 1);
  }
  int failed = 0;
  for (int i = 0, status = 0; i < processes; ++i) {
    ::wait(&status);
    failed += WIFEXITED(status) && WEXITSTATUS(status) != 0 ? 1 : 0;
  }
  EXPECT_EQ(failed, 0);
}

}  // namespace cardseg::io
