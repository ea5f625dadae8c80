// One call to the operating system fails on one of two ranks, each call in turn: the job says so once, with exit code
// 74 (71 where memory ends), and leaves no file under a final name that is not whole. A failure that harms nothing may
// pass.
#include <gmock/gmock.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
namespace fs = std::filesystem;

struct Case {
  std::string job;
  std::string call;
  int error;
};

// Every call in the campaign, of the many that allocate a part; else the 1st, 4th, 16th, 64th.
int after(int number, bool is_memory) {
  if (!support::is_campaign()) return 4 * number;
  return is_memory ? number + number / 8 + 1 : number + 1;
}

class FailingCalls : public Faults, public testing::WithParamInterface<Case> {
 protected:
  void SetUp() override {
    make_portfolio(3);
    ASSERT_EQ(support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + at("run")).exit_code,
              0);
    std::string csv = "id,balance,region\n";
    for (int i = 0; i < 60; ++i) csv += std::to_string(4711000 + i) + ",4711." + std::to_string(i) + ",secret\n";
    write_text(at("customers.csv"), csv);
  }
  void TearDown() override {
    for (const char* name : {"LD_PRELOAD", "CARDSEG_FAULT", "CARDSEG_FAULT_BELOW", "CARDSEG_FAULT_MARK"})
      ::unsetenv(name);
  }

  std::string arguments() const {
    const std::string& job = GetParam().job;
    const std::string out = " --output " + output();
    if (job == "stop") return "fit --quiet --segments 3 --max-runtime 0.000001s --shards " + at("shards") + out;
    if (job == "fit") return "fit --quiet --segments 3 --restarts 1 --shards " + at("shards") + out;
    if (job == "assign") return "assign --model " + at("run/model.json") + " --shards " + at("shards") + out;
    if (job == "convert") return "convert " + at("customers.csv") + " --rows-per-shard 20" + out;
    return "generate --customers 60 --rows-per-shard 20" + out;
  }

  // Runs with the `number`th call of `rank` failing. False where there are fewer calls.
  bool run(int rank, int number, support::Outcome& outcome) const {
    fs::remove_all(output());
    fs::remove(at("mark"));
    ::setenv("LD_PRELOAD", CARDSEG_FAIL_SHIM, 1);
    ::setenv("CARDSEG_FAULT",
             (std::to_string(rank) + ":" + GetParam().call + ":" + std::to_string(number) + ":" +
              std::to_string(GetParam().error))
                 .c_str(),
             1);
    ::setenv("CARDSEG_FAULT_BELOW", scratch_.path().c_str(), 1);
    ::setenv("CARDSEG_FAULT_MARK", at("mark").c_str(), 1);
    outcome = support::run_cardseg(arguments(), {.ranks = 2, .threads = is_memory() ? 2 : 1, .seconds = 60});
    ::unsetenv("LD_PRELOAD");
    return fs::exists(at("mark"));
  }

  bool is_memory() const { return GetParam().call == "new"; }

  // Asked to stop, it did: what failed harmed no checkpoint.
  bool is_stopped(const support::Outcome& outcome) const {
    return GetParam().job == "stop" && outcome.exit_code == static_cast<int>(ExitCode::stopped) &&
           fs::exists(output() + "/checkpoint.0");
  }

  void check_failed(const support::Outcome& outcome) const {
    EXPECT_EQ(outcome.exit_code, static_cast<int>(is_memory() ? ExitCode::system : ExitCode::io)) << outcome.err;
    EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1) << outcome.err;
    if (is_memory()) {
      EXPECT_THAT(outcome.err, testing::HasSubstr("out of memory"));
    } else {
      EXPECT_THAT(outcome.err, testing::HasSubstr(scratch_.path().string()));
      EXPECT_THAT(outcome.err, testing::HasSubstr(std::strerror(GetParam().error)));
    }
    if (std::getenv("CARDSEG_SHOW_MESSAGES"))
      std::printf("%s\n", outcome.err.substr(0, outcome.err.find('\n')).c_str());
  }

  // A run says that it is incomplete, or is whole; shards are there all together or not at all.
  void check_output(int exit_code) const {
    const bool is_run = GetParam().job == "fit" || GetParam().job == "stop" || GetParam().job == "assign";
    if (is_run && fs::exists(output())) {
      const int verified = support::run_cardseg("verify " + output()).exit_code;
      EXPECT_EQ(verified, fs::exists(output() + "/manifest.json") ? 0 : static_cast<int>(ExitCode::bad_data));
      EXPECT_TRUE(exit_code != 0 || verified == 0);
      fs::remove(output() + "/manifest.json");
    } else if (!is_run) {
      const fs::path shards = GetParam().job == "convert" ? fs::path(output()) : fs::path(output()) / "shards";
      const auto is_shard = [](const fs::directory_entry& entry) { return entry.path().extension() == ".h5"; };
      const auto whole =
          fs::exists(shards) ? std::count_if(fs::directory_iterator(shards), fs::directory_iterator(), is_shard) : 0;
      EXPECT_TRUE(whole == 3 || (whole == 0 && exit_code != 0)) << whole << " shards";
    }
    expect_nothing_half_written(output());
    for (const auto& entry : fs::directory_iterator(scratch_.path()))
      EXPECT_THAT(entry.path().string(), testing::Not(testing::HasSubstr("partial")));
  }
};

class FileSystemsWithoutLocks : public Faults, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override { make_portfolio(2); }
  void TearDown() override {
    for (const char* name : {"LD_PRELOAD", "CARDSEG_FAULT", "CARDSEG_FAULT_BELOW"}) ::unsetenv(name);
  }
};

TEST_P(FailingCalls, EndTheJobAndLeaveNothingHalfWritten) {
  int failures = 0;
  for (const int rank : {0, 1})
    for (int number = 1;; number = after(number, is_memory())) {
      SCOPED_TRACE(testing::Message() << GetParam().call << " " << number << " of rank " << rank);
      support::Outcome outcome;
      const bool is_hit = run(rank, number, outcome);
      ASSERT_NE(outcome.exit_code, 124) << "it hangs\n" << outcome.err;
      if (is_hit && outcome.exit_code != 0 && !is_stopped(outcome)) check_failed(outcome);
      check_output(outcome.exit_code);
      if (!is_hit) {
        const ExitCode expected = GetParam().job == "stop" ? ExitCode::stopped : ExitCode::done;
        EXPECT_EQ(outcome.exit_code, static_cast<int>(expected)) << outcome.err;
        break;
      }
      failures += outcome.exit_code != 0 && !is_stopped(outcome) ? 1 : 0;
    }
  EXPECT_GT(failures, 0);
}

// Some network file systems have no locks, or none left: they are read without.
TEST_P(FileSystemsWithoutLocks, AreReadAndWritten) {
  ::setenv("LD_PRELOAD", CARDSEG_FAIL_SHIM, 1);
  ::setenv("CARDSEG_FAULT", ("0:flock:1:" + std::to_string(GetParam())).c_str(), 1);
  ::setenv("CARDSEG_FAULT_BELOW", scratch_.path().c_str(), 1);

  const support::Outcome fit =
      support::run_cardseg("fit --quiet --segments 3 --shards " + at("shards") + " --output " + output());
  const support::Outcome generated = support::run_cardseg("generate --customers 60 --output " + at("made"));

  EXPECT_EQ(fit.exit_code, 0) << fit.err;
  EXPECT_EQ(generated.exit_code, 0) << generated.err;
}

INSTANTIATE_TEST_SUITE_P(Errors, FileSystemsWithoutLocks, testing::Values(ENOLCK, EOPNOTSUPP, 524));

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* job : {"fit", "stop", "assign", "convert", "generate"})
    for (const auto& [call, error] :
         {std::pair{"open", EIO}, {"write", ENOSPC}, {"fsync", EIO}, {"rename", EIO}, {"mkdir", ENOSPC}})
      all.push_back({job, call, error});
  for (const char* job : {"fit", "assign", "convert"}) all.push_back({job, "read", EIO});
  for (const char* job : {"fit", "assign", "convert", "generate"}) all.push_back({job, "new", ENOMEM});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Jobs, FailingCalls, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.job + "_" + each.param.call; });

}  // namespace
}  // namespace cardseg::faults
