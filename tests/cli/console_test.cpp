// What a console says, where, and in which dress.
#include "cardseg/cli/console.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "cardseg/core/field.hpp"

namespace cardseg::cli {
namespace {

using Json = nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* colour = "\033[3";
constexpr const char* cleared_line = "\r\033[K";

struct Said {
  std::string out;
  std::string err;
};

// With both streams in files.
Said said_by(LogFormat format, const std::function<void(Console&)>& talk, bool is_speaking = true,
             bool is_quiet = false) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  {
    Console console(format, is_speaking, is_quiet);
    talk(console);
  }
  std::fflush(stdout);
  std::string out = testing::internal::GetCapturedStdout();
  return {std::move(out), testing::internal::GetCapturedStderr()};
}

// What is waiting in a terminal.
std::string shown_on(int terminal) {
  ::fcntl(terminal, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t size = 0; (size = ::read(terminal, piece.data(), piece.size())) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(size));
  return text;
}

// With standard error on a terminal.
std::string shown_by(LogFormat format, const std::function<void(Console&)>& talk, bool is_quiet = false) {
  int terminal = -1;
  int device = -1;
  if (::openpty(&terminal, &device, nullptr, nullptr, nullptr) != 0) return "there are no terminals";
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(device, STDERR_FILENO);
  {
    Console console(format, true, is_quiet);
    talk(console);
  }
  ::dup2(kept, STDERR_FILENO);
  std::string shown = shown_on(terminal);
  for (const int descriptor : {kept, device, terminal}) ::close(descriptor);
  return shown;
}

// Reports half of a phase for longer than a terminal's line stays as it is.
void load_half(Console& console) {
  using Clock = std::chrono::steady_clock;
  for (const auto start = Clock::now(); Clock::now() - start < std::chrono::milliseconds(250);)
    console.progress("load", 1, 2, "rows");
}

void talk_of_everything(Console& console) {
  console.info("two shards");
  console.warning("one is " + core::field("shards"));
  console.error(core::Error(core::ExitCode::usage, "no " + core::field("output")));
  console.print("the result");
}

class ConsoleTest : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
  }
  void TearDown() override { SetUp(); }
};

}  // namespace

TEST_F(ConsoleTest, PutsResultsOnStdoutAndTheLogOnStderrWithFlags) {
  const Said said = said_by(LogFormat::text, talk_of_everything);

  EXPECT_EQ(said.out, "the result\n");
  EXPECT_THAT(said.err, ContainsRegex("^[0-9:]+ info two shards\n[0-9:]+ warning one is --shards\n"));
  EXPECT_THAT(said.err, HasSubstr("\ncardseg: error: no --output\n"));
}

TEST_F(ConsoleTest, SpeaksJsonLineByLine) {
  const Said said = said_by(LogFormat::json, talk_of_everything);

  EXPECT_EQ(said.out, "the result\n");
  std::istringstream lines(said.err);
  std::vector<std::string> heard;
  for (std::string line; std::getline(lines, line);) {
    const Json entry = Json::parse(line);
    EXPECT_THAT(entry["time"].get<std::string>(), ContainsRegex("^20..-..-..T..:..:..[.]...[+-]..:..$"));
    heard.push_back(entry["level"].get<std::string>() + " " + entry["message"].get<std::string>());
  }
  EXPECT_THAT(heard, testing::ElementsAre("info two shards", "warning one is --shards", "error no --output"));
}

TEST_F(ConsoleTest, GivesJsonTheFieldsOfErrors) {
  const Said said = said_by(LogFormat::json, [](Console& c) {
    c.error(core::Error(core::ExitCode::bad_data, "is text").in_file("a.h5").in_column("age").at_rows(3, 4).on_rank(2));
  });

  const Json entry = Json::parse(said.err);
  EXPECT_EQ(entry["exit_code"], 65);
  EXPECT_EQ(entry["file"], "a.h5");
  EXPECT_EQ(entry["column"], "age");
  EXPECT_EQ(entry["first_row"], 3);
  EXPECT_EQ(entry["last_row"], 4);
  EXPECT_EQ(entry["rank"], 2);
}

TEST_F(ConsoleTest, GivesJsonTheFieldsOfProgress) {
  const Said said = said_by(LogFormat::json, [](Console& c) {
    const core::Fact facts[] = {{"iteration", std::int64_t{7}}, {"inertia", 0.5}};
    using Clock = std::chrono::steady_clock;
    for (const auto start = Clock::now(); Clock::now() - start < std::chrono::milliseconds(3200);
         std::this_thread::sleep_for(std::chrono::milliseconds(50)))
      c.progress("fit", 1, 4, "iteration 7", facts);
  });

  const Json entry = Json::parse(said.err);
  EXPECT_EQ(entry["phase"], "fit");
  EXPECT_EQ(entry["done"], 1);
  EXPECT_EQ(entry["total"], 4);
  EXPECT_GE(entry["elapsed_s"], 3.0);
  EXPECT_EQ(entry["iteration"], 7);
  EXPECT_EQ(entry["inertia"], 0.5);
}

TEST_F(ConsoleTest, SharesProgressWithAListenerEvenWhenItIsSilent) {
  class Listener : public core::Events {
   public:
    void progress(std::string_view phase, std::int64_t, std::int64_t, std::string_view,
                  std::span<const core::Fact>) override {
      heard += phase;
    }
    std::string heard;
  } listener;

  said_by(
      LogFormat::text,
      [&](Console& c) {
        c.share_progress(&listener);
        c.progress("load", 1, 2);
        c.share_progress(nullptr);
        c.progress("fit", 1, 2);
      },
      false);

  EXPECT_EQ(listener.heard, "load");
}

TEST_F(ConsoleTest, KeepsJsonWholeWhateverATextHolds) {
  const Said said = said_by(LogFormat::json, [](Console& c) { c.info("a \"b\"\n\\c \xff{}"); });

  EXPECT_EQ(Json::parse(said.err)["message"], "a \"b\"\n\\c \xef\xbf\xbd{}");
}

// Keys and names of files that somebody made: nothing that a terminal obeys, and no megabyte of it.
TEST_F(ConsoleTest, SaysErrorsOnOneLineWhateverTheyQuote) {
  const std::string key = "\x1b[31mred\n\xff" + std::string(100000, 'k');
  const Said said = said_by(LogFormat::text, [&](Console& c) {
    c.error(core::Error(core::ExitCode::config, "unknown key '" + key + "'").in_file("a.ini").remedy("Correct it"));
  });

  EXPECT_THAT(said.err, testing::StartsWith("cardseg: error: a.ini: unknown key '?[31mred??kkk"));
  EXPECT_THAT(said.err, HasSubstr("Correct it"));
  EXPECT_EQ(said.err.find_first_of("\x1b\xff"), std::string::npos);
  EXPECT_EQ(said.err.find('\n'), said.err.size() - 1);
  EXPECT_LT(said.err.size(), 400U);
}

TEST_F(ConsoleTest, SaysWarningsErrorsAndResultsAloneWhenQuiet) {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    const Said said = said_by(format, talk_of_everything, true, true);

    EXPECT_EQ(said.out, "the result\n");
    EXPECT_THAT(said.err, Not(HasSubstr("two shards")));
    EXPECT_THAT(said.err, HasSubstr("one is --shards"));
    EXPECT_THAT(said.err, HasSubstr("no --output"));
  }
}

TEST_F(ConsoleTest, SaysNothingWhereAnotherRankSpeaks) {
  const Said said = said_by(
      LogFormat::text,
      [](Console& console) {
        talk_of_everything(console);
        load_half(console);
      },
      false);

  EXPECT_THAT(said.out, IsEmpty());
  EXPECT_THAT(said.err, IsEmpty());
}

TEST_F(ConsoleTest, HasColoursOnATerminalAlone) {
  EXPECT_THAT(shown_by(LogFormat::text, talk_of_everything), HasSubstr(colour));
  EXPECT_THAT(said_by(LogFormat::text, talk_of_everything).err, Not(HasSubstr("\033")));
  EXPECT_THAT(shown_by(LogFormat::json, talk_of_everything), Not(HasSubstr("\033")));
}

TEST_F(ConsoleTest, HasNoColoursWhereNoColorIsSetToSomething) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_THAT(shown_by(LogFormat::text, talk_of_everything), Not(HasSubstr(colour)));

  ::setenv("NO_COLOR", "", 1);
  EXPECT_THAT(shown_by(LogFormat::text, talk_of_everything), HasSubstr(colour));
}

TEST_F(ConsoleTest, ShowsProgressInOneLineOfATerminalAndClearsIt) {
  const std::string shown = shown_by(LogFormat::text, [](Console& console) {
    load_half(console);
    console.info("loaded");
  });

  EXPECT_THAT(shown, ContainsRegex("load +\\[=+ +\\] +50 %, .* left rows"));
  EXPECT_THAT(shown, ContainsRegex("\r\033\\[K[0-9:]+ [^\n]*info[^\n]* loaded"));
}

TEST_F(ConsoleTest, LeavesNoLiveLineBehind) {
  const std::string shown = shown_by(LogFormat::text, load_half);

  EXPECT_TRUE(shown.ends_with(cleared_line)) << shown;
}

TEST_F(ConsoleTest, HasNoLiveLineForDumbTerminalsJsonAndTheQuiet) {
  EXPECT_THAT(shown_by(LogFormat::json, load_half), IsEmpty());
  EXPECT_THAT(shown_by(LogFormat::text, load_half, true), IsEmpty());
  EXPECT_THAT(said_by(LogFormat::text, load_half).err, IsEmpty());
  ::setenv("TERM", "dumb", 1);
  EXPECT_THAT(shown_by(LogFormat::text, load_half), IsEmpty());
}

TEST_F(ConsoleTest, TellsWhenResultsDoNotArrive) {
  const int kept = ::dup(STDOUT_FILENO);
  const int full = ::open("/dev/full", O_WRONLY);
  std::fflush(stdout);
  ::dup2(full, STDOUT_FILENO);
  write_result("a result\n");
  core::ExitCode code = core::ExitCode::done;
  try {
    flush_results();
  } catch (const core::Error& error) {
    code = error.code();
  }
  ::dup2(kept, STDOUT_FILENO);
  std::clearerr(stdout);
  for (const int descriptor : {kept, full}) ::close(descriptor);

  EXPECT_EQ(code, core::ExitCode::io);
}

}  // namespace cardseg::cli
