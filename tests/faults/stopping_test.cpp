// Jobs that are asked to stop, and what may be wrong with the checkpoint that they go on from.
#include <gmock/gmock.h>

#include <fstream>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int stopped = static_cast<int>(ExitCode::stopped);

class Stopping : public Faults {
 protected:
  void SetUp() override { make_portfolio(2); }

  std::string fit(const std::string& options = "") const {
    return "fit --segments 3 --shards " + at("shards") + " --output " + output() + " " + options;
  }
  // The same in a directory that refusals do not clear.
  std::string begun(const std::string& options = "") const {
    return "fit --segments 3 --shards " + at("shards") + " --output " + at("begun") + " " + options;
  }
  // Leaves a checkpoint of a fit that is not done.
  void stop_early() const {
    ASSERT_EQ(support::run_cardseg(begun("--quiet --max-runtime 0.000001s")).exit_code, stopped);
  }
  void expect_completed(const std::string& arguments, const std::string& said = "") const {
    const support::Outcome outcome = support::run_cardseg(arguments, {.ranks = 2});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(said));
    EXPECT_EQ(support::run_cardseg("verify " + at("begun")).exit_code, 0);
  }
  void damage(const std::string& slot) const { std::ofstream(at("begun/" + slot)) << "cardseg-checkpoint 1 ?"; }

  // Starts a job that would take very long, signals it when it has written a checkpoint, and waits for it.
  support::Outcome signalled(const std::string& signal, const std::string& redirection = "") const {
    fs::remove_all(output());
    const std::string job =
        support::program() + " " + fit("--quiet --restarts 10000 --checkpoint-every 0.01s") + redirection;
    return support::run_shell("env --default-signal=" + signal + " " + job + " & until ls " + output() +
                              "/checkpoint.? >/dev/null 2>&1; do sleep 0.02; done; kill -" + signal + " $!; wait $!");
  }
};

TEST_F(Stopping, SignalsEndAJobWithACheckpoint) {
  for (const char* signal : {"USR1", "TERM", "INT", "HUP"}) {
    SCOPED_TRACE(signal);
    const support::Outcome outcome = signalled(signal);

    EXPECT_EQ(outcome.exit_code, stopped) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("stopped before the end, with a checkpoint. Run the same command again"));
    EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1);
    expect_nothing_half_written(output());
  }
}

// Signalled at once: while it loads, seeds, or iterates, scores and writes, whatever it has come to. Run again until it
// is done, it gives the bytes of a run that nobody stopped.
TEST_F(Stopping, IsHeardInEveryPhase) {
  ASSERT_EQ(support::run_cardseg(fit("--quiet --restarts 3")).exit_code, 0);
  std::map<std::string, std::string> expected = support::digests(output());
  expected.erase("run.json");
  const std::string job = support::program() + " " + begun("--quiet --restarts 3") + " >/dev/null";
  for (const char* delay : {"0.02", "0.05", "0.08", "0.12", "0.16", "0.2"}) {
    SCOPED_TRACE(delay);
    fs::remove_all(at("begun"));
    const support::Outcome outcome =
        support::run_shell("env --default-signal=TERM " + job + " & sleep " + delay + "; kill -TERM $!; wait $!");

    // 143: before it could listen.
    EXPECT_THAT(outcome.exit_code, testing::AnyOf(0, stopped, 143)) << outcome.err;
    if (outcome.exit_code == stopped) {
      EXPECT_THAT(outcome.err, HasSubstr("Run the same command again"));
    }
    if (outcome.exit_code != 0) {
      EXPECT_FALSE(fs::exists(at("begun/manifest.json")));
      ASSERT_EQ(support::run_cardseg(begun("--quiet --restarts 3"), {.ranks = 2}).exit_code, 0);
    }
    std::map<std::string, std::string> found = support::digests(at("begun"));
    found.erase("run.json");
    EXPECT_EQ(found, expected);
  }
}

TEST_F(Stopping, WorksWithoutStandardError) { EXPECT_EQ(signalled("TERM", " 2>&-").exit_code, stopped); }

// A job that was stopped would write one more checkpoint, and one may have been under way.
TEST_F(Stopping, AnIgnoredHangUpStaysIgnored) {
  const support::Outcome outcome = support::run_shell(
      "wait_for_checkpoint() { until [ -n \"$(find " + output() + " -name \"checkpoint.?\" -newer " + at("mark") +
      " 2>/dev/null)\" ]; do sleep 0.02; done; }\n"
      "touch " +
      at("mark") + "; nohup " + support::program() + " " + fit("--quiet --restarts 10000 --checkpoint-every 0.01s") +
      " & wait_for_checkpoint; kill -HUP $!\n"
      "for i in 1 2 3; do touch " +
      at("mark") + "; wait_for_checkpoint; done; echo alive; kill -TERM $!; wait $!");

  EXPECT_THAT(outcome.out, HasSubstr("alive"));
  EXPECT_EQ(outcome.exit_code, stopped) << outcome.err;
}

TEST_F(Stopping, AShortTimeLimitComesToTheSameEndInTheEnd) {
  ASSERT_EQ(support::run_cardseg(fit("--quiet --restarts 2")).exit_code, 0);
  std::map<std::string, std::string> expected = support::digests(output());
  fs::remove_all(output());
  int jobs = 1;
  while (support::run_cardseg(fit("--quiet --restarts 2 --max-runtime 0.000001s"), {.ranks = jobs % 4}).exit_code ==
         stopped)
    ASSERT_LT(++jobs, 200);

  EXPECT_GT(jobs, 2);
  std::map<std::string, std::string> found = support::digests(output());
  expected.erase("run.json");
  found.erase("run.json");
  EXPECT_EQ(found, expected);
}

TEST_F(Stopping, OtherOptionsAreRefusedByName) {
  stop_early();
  expect_refused(begun("--seed 2"), ExitCode::cannot_create,
                 {"checkpoint.0", "the directory holds an unfinished run with other settings",
                  "--seed was 1 and is now 2", "--restart-from-scratch"});
  expect_refused(begun("--description " + at("none.ini")), ExitCode::input_missing, {"none.ini"});
  expect_refused("study --segments 2..3 --shards " + at("shards") + " --output " + at("begun"), ExitCode::cannot_create,
                 {"the job was fit and is now study"});
  // What changes no byte may change.
  expect_completed(begun("--algorithm yinyang --together 2 --checkpoint-every 1h"));
}

TEST_F(Stopping, OtherShardsAreRefusedByName) {
  stop_early();
  const std::string kept = at("shards/b.h5");
  fs::rename(kept, at("away.h5"));
  expect_refused(begun(), ExitCode::cannot_create, {"shard b.h5 is gone"});
  write_shard(kept, customers(21, 20));
  expect_refused(begun(), ExitCode::cannot_create, {"shard b.h5 was 20 rows", "is now 21 rows"});
  write_shard(kept, customers(20, 700));  // as many bytes, other customers
  expect_refused(begun(), ExitCode::bad_data,
                 {"the customers' features differ from those of the checkpoint", "--restart-from-scratch"});
  expect_completed(begun("--restart-from-scratch"));
}

TEST_F(Stopping, ADamagedCheckpointLeavesTheOneBefore) {
  stop_early();
  stop_early();
  damage("checkpoint.1");
  expect_completed(begun(), "checkpoint.1 is damaged and is not used");
}

TEST_F(Stopping, DamagedCheckpointsAloneAreRefused) {
  stop_early();
  damage("checkpoint.0");
  damage("checkpoint.1");
  expect_refused(begun(), ExitCode::bad_data, {"checkpoint.0", "damaged", "--restart-from-scratch"});
  expect_completed(begun("--restart-from-scratch"));
  for (const char* slot : {"checkpoint.0", "checkpoint.1"}) EXPECT_FALSE(fs::exists(at(std::string("begun/") + slot)));
}

TEST_F(Stopping, ARunThatIsCompleteButForItsCheckpointsIsLeftAlone) {
  stop_early();
  fs::copy_file(at("begun/checkpoint.0"), at("left"));
  ASSERT_EQ(support::run_cardseg(begun("--quiet")).exit_code, 0);
  const std::map<std::string, std::string> before = support::digests(at("begun"));
  fs::copy_file(at("left"), at("begun/checkpoint.0"));

  const support::Outcome outcome = support::run_cardseg(begun(), {.ranks = 2});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("nothing was left to do"));
  EXPECT_EQ(support::digests(at("begun")), before);
}

TEST_F(Stopping, ARunThatReplacesAnotherGoesOnWithoutBeingToldAgain) {
  ASSERT_EQ(support::run_cardseg(begun("--quiet")).exit_code, 0);
  EXPECT_EQ(support::run_cardseg(begun("--quiet --seed 9 --overwrite --max-runtime 0.000001s")).exit_code, stopped);
  EXPECT_EQ(support::run_cardseg("verify " + at("begun")).exit_code, 0);  // the old run is still there

  expect_completed(begun("--seed 9"));
}

// Stops one of three ranks for some seconds, or for ever, and waits for the job.
support::Outcome with_rank_stopped(const std::string& job, const std::string& directory, int rank,
                                   const std::string& then) {
  return support::run_shell(
      "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1\n"
      "mpirun --oversubscribe --mca mpi_yield_when_idle 1 -n 3 " +
      support::program() + " " + job +
      " & m=$!\n"
      "until ls " +
      directory +
      "/checkpoint.? >/dev/null 2>&1; do sleep 0.02; done\n"
      "for p in $(pgrep -f -- \"--output " +
      directory +
      "\"); do\n"
      "  if grep -qsxz OMPI_COMM_WORLD_RANK=" +
      std::to_string(rank) +
      " /proc/$p/environ; then\n"
      "    kill -STOP $p; " +
      then + "\n  fi\ndone\nwait $m");
}

TEST_F(Stopping, ARankThatHangsEndsTheJobAndIsNamed) {
  for (const int rank : {0, 1, 2}) {
    SCOPED_TRACE(rank);
    fs::remove_all(output());
    const support::Outcome outcome = with_rank_stopped(
        fit("--quiet --restarts 10000 --checkpoint-every 0.01s --hang-timeout 1s"), output(), rank, ":");

    EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::system)) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("rank " + std::to_string(rank) + " on "));
    EXPECT_THAT(outcome.err, HasSubstr("did not reach MPI_"));
    EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1) << outcome.err;
  }
}

// The rank comes after --hang-timeout, while those that wait still call the roll (3 s).
TEST_F(Stopping, ARankThatIsSlowOnlyDelays) {
  const support::Outcome outcome =
      with_rank_stopped(fit("--quiet --restarts 10000 --checkpoint-every 0.01s --max-runtime 6s --hang-timeout 1s"),
                        output(), 1, "sleep 2; kill -CONT $p");

  EXPECT_EQ(outcome.exit_code, stopped) << outcome.err;
}

TEST_F(Stopping, TimesThatAreNoneAreRefused) {
  expect_refused(fit("--checkpoint-every 5x"), ExitCode::usage, {"--checkpoint-every 5x", "unit", "90s, 5m, 1h30m"});
  expect_refused(fit("--max-runtime 0"), ExitCode::usage, {"--max-runtime 0", "not positive"});
  expect_refused(fit("--hang-timeout never"), ExitCode::usage, {"--hang-timeout never", "not a time"});
  expect_refused(fit("--max-runtime soon"), ExitCode::usage, {"--max-runtime soon", "not a time"});
}

TEST_F(Stopping, OptionsOfFitsAreCheckedByName) {
  expect_refused(fit("--algorithm elkan"), ExitCode::usage,
                 {"--algorithm cannot be 'elkan'", "auto, plain, hamerly or yinyang"});
  expect_refused(fit("--seeding-rounds 0"), ExitCode::usage, {"--seeding-rounds cannot be 0", "1 to 100"});
  expect_refused(fit("--seeding-rounds 101"), ExitCode::usage, {"--seeding-rounds cannot be 101"});
  expect_refused(fit("--together 65"), ExitCode::usage, {"--together cannot be 65", "0 to 64"});
  expect_refused(fit("--together -1"), ExitCode::usage, {"--together"});
  expect_refused(fit("--stop-losers -0.1"), ExitCode::usage, {"--stop-losers"});
  expect_refused(fit("--stop-losers much"), ExitCode::usage, {"--stop-losers"});
}

}  // namespace
}  // namespace cardseg::faults
