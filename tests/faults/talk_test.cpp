// What the program says and where: help, results on stdout, log on stderr, also where one of them is closed or full.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using support::Outcome;
using support::program;
using support::run_cardseg;
using support::run_shell;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> jobs = {"generate", "convert", "rfm",    "inspect", "validate",
                                       "fit",      "study",   "assign", "verify",  "status"};

class Talk : public Faults {
 protected:
  std::string fit() const {
    return "fit --segments 3 --restarts 1 --min-cell 1 --overwrite --shards " + at("shards") + " --output " + output();
  }
};

// The log's lines as JSON, without a launcher's own.
std::vector<nlohmann::json> log_lines(const Outcome& outcome) {
  std::istringstream lines(outcome.err);
  std::vector<nlohmann::json> all;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("{")) all.push_back(nlohmann::json::parse(line));
  return all;
}

TEST_F(Talk, HelpsOnStandardOutput) {
  for (const char* word : {"--help", "-h", "help"}) {
    const Outcome help = run_cardseg(word);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help.err, "");
    for (const std::string& job : jobs) EXPECT_THAT(help.out, HasSubstr("\n  " + job + " "));
  }
  for (const std::string& job : jobs)
    for (const char* word : {"--help", "-h", "--bad --help"}) {
      const Outcome help = run_cardseg(job + " " + word);
      EXPECT_EQ(help.exit_code, 0) << help.err;
      EXPECT_EQ(help.err, "");
      EXPECT_THAT(help.out,
                  testing::AllOf(HasSubstr("cardseg " + job + ":"), HasSubstr("--help"), HasSubstr("examples:")));
    }
}

TEST_F(Talk, TellsItsVersion) {
  const Outcome outcome = run_cardseg("--version");

  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, testing::MatchesRegex("cardseg [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Talk, LogsJsonLines) {
  make_portfolio();
  for (const int ranks : {0, 3}) {
    const Outcome outcome = run_cardseg(fit() + " --log json", {.ranks = ranks});

    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto lines = log_lines(outcome);
    ASSERT_FALSE(lines.empty()) << outcome.err;
    for (const auto& line : lines) {
      EXPECT_EQ(line["level"], "info");
      EXPECT_TRUE(line["time"].is_string() && line["message"].is_string());
    }
    EXPECT_THAT(outcome.out, Not(HasSubstr("{")));
  }
}

TEST_F(Talk, LogsErrorsAsJsonToo) {
  for (const int ranks : {0, 3}) {
    const Outcome outcome =
        run_cardseg("fit --log json --shards " + at("a\\\"b\\\\c\xfe") + " --output " + output(), {.ranks = ranks});

    EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::input_missing));
    const auto lines = log_lines(outcome);
    ASSERT_EQ(lines.size(), 1U) << outcome.err;
    EXPECT_EQ(lines[0]["level"], "error");
    EXPECT_THAT(lines[0]["message"].get<std::string>(), HasSubstr("no such file"));
  }
}

TEST_F(Talk, WarnsWhereThreadsHaveToTakeTurns) {
  make_portfolio();

  EXPECT_THAT(run_shell("taskset -c 0 " + program() + " " + fit() + " --threads 2").err,
              HasSubstr("a rank has 2 threads but may use 1 of them at once"));
  EXPECT_THAT(run_shell("taskset -c 0 " + program() + " " + fit() + " --threads 1").err, Not(HasSubstr("at once")));
}

TEST_F(Talk, IsQuietOnDemand) {
  make_portfolio();

  EXPECT_EQ(run_cardseg(fit() + " --quiet").err, "");
}

TEST_F(Talk, HasNoColoursWhereThereIsNoTerminalOrNoneAreWanted) {
  make_portfolio();
  EXPECT_THAT(run_cardseg(fit()).err, Not(HasSubstr("\033")));
  if (run_shell("command -v script").exit_code != 0)
    GTEST_SKIP() << "there is no program script(1) to make a terminal with";

  const auto on_terminal = [&](const std::string& environment) {
    return run_shell("TERM=xterm " + environment + " script -qec \"" + program() + " " + fit() + "\" /dev/null").out;
  };
  EXPECT_THAT(on_terminal(""), HasSubstr("\033[32m"));
  EXPECT_THAT(on_terminal("NO_COLOR="), HasSubstr("\033[32m"));
  EXPECT_THAT(on_terminal("NO_COLOR=1"), Not(HasSubstr("\033[32m")));
}

TEST_F(Talk, WorksWithoutStandardError) {
  make_portfolio();
  const Outcome closed = run_shell(program() + " " + fit() + " 2>&-");
  EXPECT_EQ(closed.exit_code, 0);
  EXPECT_THAT(closed.out, HasSubstr("inertia"));
  EXPECT_EQ(run_shell(program() + " " + fit() + " 2>/dev/full").exit_code, 0);
  EXPECT_EQ(run_cardseg("verify " + output()).exit_code, 0);

  EXPECT_EQ(run_shell(program() + " fit --shards " + at("nowhere") + " --output x 2>&-").exit_code, 66);
  EXPECT_EQ(run_shell(program() + " fit --segmets 3 2>/dev/full").exit_code, 64);
}

TEST_F(Talk, NoticesThatItsResultsAreLost) {
  make_portfolio();
  for (const char* stream : {" >/dev/full", " >&-"})
    for (const std::string& arguments :
         {fit(), "inspect " + at("shards"), std::string("--help"), std::string("fit --help"), std::string("--version"),
          std::string("fit --print-config")}) {
      const Outcome outcome = run_shell(program() + " " + arguments + stream);
      EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::io)) << arguments << stream << outcome.err;
      EXPECT_EQ(count(outcome.err, "cardseg: error: the results cannot be written to standard output"), 1)
          << outcome.err;
    }
  EXPECT_EQ(run_cardseg("verify " + output()).exit_code, 0);  // the run itself is whole
}

// A closed stream leaves its number to the next file that is opened: it must not get the text meant for the stream.
TEST_F(Talk, WritesNothingIntoDataFilesWhereStreamsAreClosed) {
  make_portfolio();
  ASSERT_EQ(run_cardseg(fit()).exit_code, 0);
  auto before = support::digests(output());
  run_shell(program() + " " + fit() + " <&- >&- 2>&-");
  auto after = support::digests(output());

  before.erase("run.json");
  after.erase("run.json");
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace cardseg::faults
