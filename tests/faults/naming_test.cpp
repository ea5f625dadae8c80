// Names of segments: what `name` changes, what it refuses, and what is left where it is killed.
#include <gmock/gmock.h>

#include <cstdlib>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* given = "\"Quiet & \\\"old\\\" <accounts>\"";  // in the shell
constexpr const char* shown = "Quiet & \"old\" <accounts>";

class Naming : public Faults {
 protected:
  void SetUp() override {
    make_portfolio();
    const auto fitted = support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + at("run"));
    ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  }
  support::Outcome name(const std::string& words) const {
    return support::run_cardseg("name " + at("run") + " " + words);
  }
  // One process: the job does not start MPI.
  void refuses(const std::string& words, ExitCode code, const std::vector<std::string>& parts,
               const std::string& run = "run") const {
    const support::Outcome outcome = support::run_cardseg("name " + at(run) + " " + words);
    EXPECT_EQ(outcome.exit_code, static_cast<int>(code)) << outcome.err;
    EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1) << outcome.err;
    for (const std::string& part : parts) EXPECT_THAT(outcome.err, HasSubstr(part));
  }
  support::Outcome verify() const { return support::run_cardseg("verify " + at("run")); }
};

TEST_F(Naming, ChangesTheRunSoThatItIsStillWhole) {
  const std::string id_before =
      io::read_file(at("run/model.json")).substr(io::read_file(at("run/model.json")).size() - 80);
  const auto named = name(std::string("2 ") + given);
  const auto scored = support::run_cardseg("assign --model " + at("run/model.json") + " --shards " + at("shards") +
                                           " --output " + output());

  EXPECT_EQ(named.exit_code, 0) << named.err;
  EXPECT_THAT(named.out, testing::AllOf(HasSubstr(shown), HasSubstr(" by a person\n")));
  EXPECT_THAT(io::read_file(at("run/report.html")), HasSubstr("Quiet &amp; \"old\" &lt;accounts&gt;"));
  EXPECT_EQ(verify().exit_code, 0) << verify().out;
  EXPECT_EQ(scored.exit_code, 0) << scored.err;
  EXPECT_THAT(scored.out, HasSubstr(shown));
  EXPECT_THAT(io::read_file(at("run/segments.csv")), HasSubstr("\n2,\"Quiet & \"\"old\"\" <accounts>\","));
  EXPECT_THAT(io::read_file(at("run/model.json")), testing::EndsWith(id_before));
}

TEST_F(Naming, GivesTheBytesOfOneNameWhateverCameBefore) {
  ASSERT_EQ(name("1 Once").exit_code, 0);
  const auto once = support::digests(at("run"));

  ASSERT_EQ(name("1 Twice").exit_code, 0);
  ASSERT_EQ(name("1 Once").exit_code, 0);

  EXPECT_EQ(support::digests(at("run")), once);
}

TEST_F(Naming, RefusesWhatIsNoName) {
  refuses("4 New", ExitCode::usage, {"--segment cannot be 4", "segments 1 to 3"});
  refuses("0 New", ExitCode::usage, {"of no segment"});
  refuses("1", ExitCode::usage, {"no name for the segment"});
  refuses("1 \" x\"", ExitCode::usage, {"--name", "blanks around it"});
  refuses("1 =1+2", ExitCode::usage, {"--name", "formula"});
  refuses("1 \"a\tb\"", ExitCode::usage, {"--name", "control character"});
  refuses("1 a\xFF", ExitCode::usage, {"--name", "UTF-8"});
  refuses("1 " + std::string(61, 'x'), ExitCode::usage, {"--name has 61 characters", "60"});
  ASSERT_EQ(name("1 \"Quiet accounts\"").exit_code, 0);
  refuses("2 \"quiet Accounts\"", ExitCode::usage, {"segment 1 has this name already"});
  EXPECT_EQ(name("1 \"Quiet accounts\"").exit_code, 0);
}

TEST_F(Naming, RefusesRunsThatAreNotWhole) {
  refuses("1 New", ExitCode::input_missing, {at("none")}, "none");
  refuses("1 New", ExitCode::bad_data, {"incomplete"}, "shards");
  write_text(at("run/centroids.csv"), "changed");
  refuses("1 New", ExitCode::bad_data, {"centroids.csv: changed"});
  fs::remove(at("run/manifest.json"));
  refuses("1 New", ExitCode::bad_data, {"incomplete"});
}

#ifdef CARDSEG_FAIL_SHIM
class NamingKilled : public Naming, public testing::WithParamInterface<const char*> {
 protected:
  void TearDown() override { unset(); }
  static void unset() {
    for (const char* variable : {"LD_PRELOAD", "CARDSEG_FAULT", "CARDSEG_FAULT_BELOW", "CARDSEG_FAULT_MARK"})
      ::unsetenv(variable);
  }
  // False where there are fewer such calls.
  bool is_killed_at(int number) const {
    fs::remove(at("mark"));
    ::setenv("LD_PRELOAD", CARDSEG_FAIL_SHIM, 1);
    ::setenv("CARDSEG_FAULT", ("0:" + std::string(GetParam()) + ":" + std::to_string(number) + ":0").c_str(), 1);
    ::setenv("CARDSEG_FAULT_BELOW", at("run").c_str(), 1);
    ::setenv("CARDSEG_FAULT_MARK", at("mark").c_str(), 1);
    name("2 New");
    unset();
    return fs::exists(at("mark"));
  }
};

TEST_P(NamingKilled, LeavesARunThatTheSameNameMakesWhole) {
  fs::copy(at("run"), at("whole"), fs::copy_options::recursive);
  ASSERT_EQ(name("2 New").exit_code, 0);
  const auto expected = support::digests(at("run"));
  int kills = 0;
  for (int number = 1;; ++number) {
    SCOPED_TRACE(testing::Message() << GetParam() << " " << number);
    fs::remove_all(at("run"));
    fs::copy(at("whole"), at("run"), fs::copy_options::recursive);
    if (!is_killed_at(number)) break;
    ++kills;
    const auto found = verify();
    if (found.exit_code != 0) {
      EXPECT_THAT(found.out + found.err, testing::AnyOf(HasSubstr("changed"), HasSubstr("not in the manifest")));
    }
    const auto again = name("2 New");
    ASSERT_EQ(again.exit_code, 0) << again.err;
    ASSERT_EQ(verify().exit_code, 0) << verify().out;
    ASSERT_EQ(support::digests(at("run")), expected);
  }
  EXPECT_GT(kills, 2);
}

INSTANTIATE_TEST_SUITE_P(Calls, NamingKilled, testing::Values("write", "fsync", "rename"),
                         [](const auto& each) { return std::string(each.param); });
#endif

}  // namespace
}  // namespace cardseg::faults
