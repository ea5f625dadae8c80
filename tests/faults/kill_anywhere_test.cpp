// A rank is killed at its n-th call to MPI, or at its n-th write, fsync or rename, for one n after another: whatever
// that leaves behind, the same command run again ends in the bytes of a run that nobody killed, and in no other file.
#include <gmock/gmock.h>

#include <cstdlib>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string job;
  int ranks;
  int rank;
  std::string call;
};

// Every call in the campaign; else a few.
int after(int number) { return support::is_campaign() ? number + 1 : 6 * number + 1; }

class KillAnywhere : public Faults, public testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    make_portfolio(2);
    ASSERT_EQ(support::run_cardseg(arguments(at("undisturbed"))).exit_code, 0);
    expected_ = results(at("undisturbed"));
  }
  void TearDown() override { unset(); }

  static void unset() {
    for (const char* name : {"LD_PRELOAD", "CARDSEG_FAULT", "CARDSEG_FAULT_BELOW", "CARDSEG_FAULT_MARK"})
      ::unsetenv(name);
  }

  // A checkpoint in every iteration. A single restart is followed by moves on all customers.
  std::string arguments(const std::string& directory) const {
    const std::string course = GetParam().job == "fit" ? "3 --restarts 2" : "2..3 --restarts 1 --seeding k-means++";
    return GetParam().job + " --quiet --segments " + course + " --checkpoint-every 0.000001s --shards " + at("shards") +
           " --output " + directory;
  }

  // Names and contents of a run's files; of what differs between runs the name alone.
  static std::map<std::string, std::string> results(const fs::path& directory) {
    std::map<std::string, std::string> files = support::digests(directory);
    if (files.contains("run.json")) files["run.json"] = "";
    return files;
  }

  // False where the job makes fewer such calls.
  bool run_and_kill(int number) const {
    const Case& c = GetParam();
    ::setenv("LD_PRELOAD", CARDSEG_FAIL_SHIM, 1);
    ::setenv("CARDSEG_FAULT", (std::to_string(c.rank) + ":" + c.call + ":" + std::to_string(number) + ":0").c_str(), 1);
    ::setenv("CARDSEG_FAULT_BELOW", output().c_str(), 1);
    ::setenv("CARDSEG_FAULT_MARK", at("mark").c_str(), 1);
    const support::Outcome outcome = support::run_cardseg(arguments(output()), {.ranks = c.ranks, .seconds = 60});
    unset();
    EXPECT_NE(outcome.exit_code, 124) << "it hangs\n" << outcome.err;
    EXPECT_EQ(outcome.exit_code == 0, !fs::exists(at("mark"))) << outcome.err;
    return fs::exists(at("mark"));
  }

  // Killed behind its last act: a run that is whole is refused, not repeated.
  bool is_finished() const {
    return fs::exists(at("out/manifest.json")) && !fs::exists(at("out/checkpoint.0")) &&
           !fs::exists(at("out/checkpoint.1"));
  }

  std::map<std::string, std::string> expected_;
};

TEST_P(KillAnywhere, EndsInTheSameBytes) {
  int points = 0;
  for (int number = 1;; number = after(number)) {
    SCOPED_TRACE(testing::Message() << GetParam().call << " " << number);
    fs::remove_all(output());
    fs::remove(at("mark"));
    const bool is_killed = run_and_kill(number);
    if (is_killed) {
      const int ranks = 1 + number % 3;
      const core::ExitCode expected = is_finished() ? core::ExitCode::cannot_create : core::ExitCode::done;
      const support::Outcome again = support::run_cardseg(arguments(output()), {.ranks = ranks, .seconds = 60});
      ASSERT_EQ(again.exit_code, static_cast<int>(expected)) << again.err;
      ++points;
    }
    ASSERT_EQ(results(output()), expected_);
    if (!is_killed) break;
  }
  // Ranks but the first write nothing in so small a run, or labels alone.
  if (GetParam().rank == 0 || GetParam().call == "mpi") {
    EXPECT_GT(points, 0);
  }
  std::printf("%d points\n", points);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* call : {"mpi", "write", "fsync", "rename"}) {
    all.push_back({"fit", 1, 0, call});
    all.push_back({"fit", 2, 0, call});
    all.push_back({"fit", 2, 1, call});
    for (int rank : {0, 1, 2}) all.push_back({"fit", 3, rank, call});
    all.push_back({"study", 2, 0, call});
  }
  all.push_back({"study", 2, 1, "mpi"});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Jobs, KillAnywhere, testing::ValuesIn(cases()), [](const auto& each) {
  const Case& c = each.param;
  return c.job + "_rank" + std::to_string(c.rank) + "of" + std::to_string(c.ranks) + "_" + c.call;
});

}  // namespace
}  // namespace cardseg::faults
