// Two jobs that want one directory, and what becomes of a job's directory when it fails, is killed or is asked about.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/owner_lock.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int cannot_create = static_cast<int>(ExitCode::cannot_create);
constexpr int killed = 137;

class Owner : public Faults {
 protected:
  void SetUp() override {
    make_portfolio(2);
    write_text(at("customers.csv"), "id,balance\n1,4711\n2,47112\n");
  }

  std::string fit(const std::string& options, const std::string& directory) const {
    return "fit --quiet --segments 3 --shards " + at("shards") + " --output " + directory + " " + options;
  }
  // A job on another machine, which gave a sign of life just now.
  void leave_owner(const std::string& directory) const {
    io::Owner owner = io::this_owner("study");
    owner.host = "n7";
    owner.machine = "another boot";
    fs::create_directories(directory);
    io::write_file(fs::path(directory) / io::owner_file, io::to_json(owner));
  }
  static std::map<std::string, std::string> results(const std::string& directory) {
    std::map<std::string, std::string> files = support::digests(directory);
    files.erase("run.json");
    return files;
  }
  static nlohmann::json status_of(const std::string& directory) {
    const support::Outcome outcome = support::run_cardseg("status --json " + directory);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  }
  // Starts a long fit in the background, waits until it has written a checkpoint, and does `then`.
  support::Outcome with_job_at_work(const std::string& then, const std::string& options = "--restarts 10000") const {
    return support::run_shell(support::program() + " " + fit("--checkpoint-every 0.01s " + options, output()) +
                              " & until ls " + output() +
                              "/checkpoint.? >/dev/null 2>&1; do kill -0 $! || exit 1; sleep 0.02; done\n" + then);
  }
};

TEST_F(Owner, OfADirectoryKeepsEveryOtherJobOut) {
  ASSERT_EQ(support::run_cardseg(fit("", at("run"))).exit_code, 0);
  leave_owner(at("taken"));
  for (const std::string& job :
       {"fit --segments 3 --shards " + at("shards"), "study --segments 2..3 --shards " + at("shards"),
        "assign --model " + at("run/model.json") + " --shards " + at("shards"), "convert " + at("customers.csv"),
        std::string("generate --customers 1000"), std::string("scaling --ranks 1 --customers 1000 --repeat 1")}) {
    SCOPED_TRACE(job);
    for (const char* more : {"", " --overwrite"})
      expect_refused(job + " --output " + at("taken") + more, ExitCode::cannot_create,
                     {at("taken"), "another job works in this directory: study, process", "on n7 since",
                      "Wait for it, or choose another --output", "counts as gone 3:00 min after"});
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(at("taken")), {}), 1);
}

TEST_F(Owner, ThatIsAtWorkIsToldApartFromOneThatIsGone) {
  const support::Outcome outcome =
      with_job_at_work(support::program() + " status " + output() + "; " + support::program() + " status --json " +
                       output() + " >" + at("json") + "; " + support::program() + " " + fit("", output()) +
                       "; echo refused with $?; kill -KILL $!; wait $!; echo ended with $?");
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("runs: fit, process "), HasSubstr("\nphase "), HasSubstr("\nmemory "),
                    HasSubstr("\ncheckpoint  checkpoint."), HasSubstr("refused with 73"), HasSubstr("ended with 137")));
  const auto at_work = nlohmann::json::parse(io::read_file(at("json")));
  EXPECT_EQ(at_work["state"], "running");
  EXPECT_EQ(at_work["owner"]["job"], "fit");
  EXPECT_EQ(at_work["progress"]["ranks"], 1);
  EXPECT_GT(at_work["progress"]["peak_memory_bytes"], 100000);

  EXPECT_EQ(status_of(output())["state"], "stale");
  EXPECT_THAT(support::run_cardseg("status " + output()).out,
              AllOf(HasSubstr("is stale, its job is gone: fit, process"), HasSubstr("it goes on from there")));

  // The next job takes the directory over at once, and says so.
  const support::Outcome stopped = support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " +
                                                        output() + " --restarts 10000 --max-runtime 0.001s");
  EXPECT_EQ(stopped.exit_code, static_cast<int>(ExitCode::stopped)) << stopped.err;
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("over from a job that is gone: fit, process"), HasSubstr("resumes from")));
  EXPECT_EQ(status_of(output())["state"], "stopped");
  EXPECT_FALSE(fs::exists(output() + "/" + io::owner_file));
  EXPECT_FALSE(fs::exists(output() + "/" + io::progress_file));
}

TEST_F(Owner, LeavesNothingButTheRun) {
  for (const int ranks : {0, 3}) {
    fs::remove_all(output());
    ASSERT_EQ(support::run_cardseg(fit("", output()), {.ranks = ranks}).exit_code, 0);

    EXPECT_FALSE(fs::exists(output() + "/" + io::owner_file));
    EXPECT_FALSE(fs::exists(output() + "/" + io::progress_file));
    EXPECT_EQ(support::run_cardseg("verify " + output()).exit_code, 0);
    EXPECT_EQ(status_of(output())["state"], "finished");
    const auto record = nlohmann::json::parse(io::read_file(output() + "/run.json"));
    EXPECT_EQ(record["owner"]["job"], "fit");
  }
}

TEST_F(Owner, ThatFailsLeavesNoDirectories) {
  for (const std::string& job :
       {"fit --segments 41 --shards " + at("shards"), "fit --segments 3 --shards " + at("none"),
        "study --segments 41 --shards " + at("shards"), "convert " + at("none.csv"),
        "assign --model " + at("none.json") + " --shards " + at("shards"),
        "scaling --ranks 1 --segments 3 --repeat 1 --shards " + at("none")}) {
    SCOPED_TRACE(job);
    for (const int ranks : {0, 3}) {
      EXPECT_NE(support::run_cardseg(job + " --output " + at("a/b/out"), {.ranks = ranks}).exit_code, 0);
      EXPECT_FALSE(fs::exists(at("a")));
    }
  }
}

// The directory is taken from a job that hangs, the run in it finished, and the job goes on.
TEST_F(Owner, LosesToAFinishedRunThatHasAppeared) {
  ASSERT_EQ(support::run_cardseg(fit("--seed 9", at("other"))).exit_code, 0);
  const std::map<std::string, std::string> other = results(at("other"));
  const support::Outcome outcome = with_job_at_work(
      "kill -STOP $!; rm -rf " + output() + "/*; cp -r " + at("other") + "/* " + output() + "; kill -CONT $!; wait $!",
      "--restarts 700 --max-iterations 3");

  EXPECT_EQ(outcome.exit_code, cannot_create) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("a finished run of another job has appeared in this directory: fit, process "));
  std::map<std::string, std::string> found = results(output());
  for (const char* slot : {"checkpoint.0", "checkpoint.1"}) found.erase(slot);
  EXPECT_EQ(found, other);
}

TEST_F(Owner, StatusRefusesWhatIsNoRun) {
  const auto refused = [](const std::string& arguments, ExitCode code, const std::string& words) {
    const support::Outcome outcome = support::run_cardseg("status " + arguments);
    EXPECT_EQ(outcome.exit_code, static_cast<int>(code));
    EXPECT_THAT(outcome.err, HasSubstr(words));
  };
  refused(at("none"), ExitCode::input_missing, at("none") + ": there is no such directory");
  refused(at("shards"), ExitCode::bad_data, at("shards") + ": it holds no run, and no job works in it");
  refused("", ExitCode::usage, "no run directory is named. cardseg status RUN");
}

TEST_F(Owner, ManyProcessesOfWhichMpiMakesNoRanksAreRefused) {
  const auto refused = [&](const std::string& variables, const std::string& named) {
    const support::Outcome outcome =
        support::run_shell("env " + variables + " " + support::program() + " " + fit("", output()));
    EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::usage)) << outcome.err;
    EXPECT_EQ(outcome.err.empty(), named.empty());
    if (!named.empty()) {
      EXPECT_THAT(outcome.err, AllOf(HasSubstr("the launcher started 4 processes (" + named +
                                               "=4), but MPI sees one "
                                               "rank: each process would do the whole job"),
                                     HasSubstr("srun --mpi=pmix or the mpirun of ")));
    }
    EXPECT_FALSE(fs::exists(output()));
  };
  const auto done = [&](const std::string& variables) {
    fs::remove_all(output());
    EXPECT_EQ(support::run_shell("env " + variables + " " + support::program() + " " + fit("", output())).exit_code, 0);
    fs::remove_all(output());
  };

  refused("SLURM_NTASKS=4 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=0", "SLURM_STEP_NUM_TASKS");
  refused("SLURM_NTASKS=4 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=2", "");  // the first speaks for all
  refused("PMI_SIZE=4 PMI_RANK=0 MPI_LOCALNRANKS=4", "PMI_SIZE");
  refused("MPI_LOCALNRANKS=4 MPI_LOCALRANKID=0", "MPI_LOCALNRANKS");
  done("SLURM_JOB_ID=7 SLURM_NTASKS=4 SLURM_PROCID=0");  // in a batch script
  done("SLURM_JOB_ID=7 SLURM_NTASKS=4 SLURM_STEP_ID=0 SLURM_STEP_NUM_TASKS=1 SLURM_PROCID=0");
}

// Two jobs of different seeds on one output, one of them killed in every second round.
TEST_F(Owner, OfARaceIsOneAndNothingIsMixed) {
  const std::string first = fit("--restarts 40 --seed 1", output()) + " >/dev/null";
  const std::string second = fit("--restarts 40 --seed 9", output()) + " >/dev/null";
  ASSERT_EQ(support::run_cardseg(fit("--restarts 40 --seed 1", at("first"))).exit_code, 0);
  ASSERT_EQ(support::run_cardseg(fit("--restarts 40 --seed 9", at("second"))).exit_code, 0);
  const std::vector<std::map<std::string, std::string>> expected = {results(at("first")), results(at("second"))};
  ASSERT_NE(expected[0], expected[1]);
  const int rounds = support::is_campaign() ? 20 : 4;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const bool is_killing = round % 2 == 1;
    fs::remove_all(output());
    const std::string wait_a_little = "sleep " + std::to_string(0.01 * (round * 7 % 20)) + "\n";
    std::string script = support::program() + " " + first + " & a=$!\n" + (round % 4 < 2 ? wait_a_little : "") +
                         support::program() + " " + second + " & b=$!\n";
    if (is_killing) script += wait_a_little + "kill -KILL " + (round % 4 == 1 ? "$a" : "$b") + " 2>/dev/null\n";
    const support::Outcome outcome = support::run_shell(script + "wait $a; x=$?; wait $b; echo $x $?");
    std::istringstream codes(outcome.out);
    int a = -1;
    int b = -1;
    codes >> a >> b;

    const int finished = (a == 0 ? 1 : 0) + (b == 0 ? 1 : 0);
    for (const int code : {a, b})
      EXPECT_TRUE(code == 0 || code == cannot_create || (is_killing && code == killed)) << code << outcome.err;
    if (!is_killing) {
      EXPECT_EQ(finished, 1) << outcome.err;
    }
    EXPECT_LE(finished, 1);
    if (a == cannot_create || b == cannot_create) {
      EXPECT_THAT(outcome.err, testing::AnyOf(HasSubstr("another job works in this directory: fit, process"),
                                              HasSubstr("already holds a run")));
    }
    const bool is_whole = fs::exists(output() + "/manifest.json");
    EXPECT_TRUE(is_whole || finished == 0);
    if (is_whole) {
      EXPECT_THAT(expected, testing::Contains(results(output())));
    }
    // Whatever is left, the same output serves the next job.
    if (!is_whole) {
      EXPECT_EQ(support::run_cardseg(fit("--restarts 40 --seed 9", output()) + " --overwrite --restart-from-scratch")
                    .exit_code,
                0);
      EXPECT_EQ(results(output()), expected[1]);
    }
  }
}

}  // namespace
}  // namespace cardseg::faults
