// defaults < configuration file < command line, and what is refused.
#include "cardseg/cli/command_line.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "cardseg/core/field.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::cli {
namespace {

using core::ExitCode;
using core::Shapes;
using support::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

struct Choices {
  int count = 3;
  std::string title;
  std::string words = "NA,#N/A";
  bool is_loud = false;
  std::vector<std::string> files;
  std::vector<std::string> columns;
};

core::OptionTable describe(Choices& o) {
  return {"Choices",
          {core::number(o.count, {1, 10}, {"count,c", "N", Shapes::result, "how many, see " + core::field("title")}),
           core::text(o.title, {"title", "TEXT", Shapes::result, "what it is called"}),
           core::text(o.words, {"words", "A,B", Shapes::result, "some words"}),
           core::toggle(o.is_loud, {"loud", "", Shapes::nothing, "be loud"}),
           core::names(o.columns, {"columns", "A,B", Shapes::result, "columns"}),
           core::words(o.files, {"files", "PATH...", Shapes::inputs, "files"})}};
}

class CommandLine : public testing::Test {
 protected:
  void read(const std::vector<std::string>& words) {
    choices = {};
    general = {};
    parse(words, tables(), "files");
  }
  OptionTables tables() { return {describe(choices), describe(general)}; }
  std::string file_of(const std::string& text) const {
    const std::string path = (directory_ / "file.ini").string();
    std::ofstream(path) << text;
    return path;
  }
  std::string refusal(const std::vector<std::string>& words, ExitCode code) {
    const core::Error error = error_of([&] { read(words); });
    EXPECT_EQ(error.code(), code);
    return with_flags(error.text());
  }

  Choices choices;
  GeneralOptions general;

 private:
  support::TemporaryDirectory directory_;
};

}  // namespace

TEST_F(CommandLine, LeavesDefaultsWhereNothingIsSaid) {
  read({});
  EXPECT_EQ(choices.count, 3);
  EXPECT_EQ(choices.words, "NA,#N/A");
  EXPECT_EQ(general.log, LogFormat::text);
}

TEST_F(CommandLine, ReadsFlagsShortFormsAndWordsWithoutAFlag) {
  read({"-c", "4", "--title=a title", "--loud", "one", "two", "--log", "json"});
  EXPECT_EQ(choices.count, 4);
  EXPECT_EQ(choices.title, "a title");
  EXPECT_TRUE(choices.is_loud);
  EXPECT_THAT(choices.files, ElementsAre("one", "two"));
  EXPECT_EQ(general.log, LogFormat::json);
}

TEST_F(CommandLine, OverridesAFileThatOverridesDefaults) {
  const std::string file = file_of("count = 5\ntitle = of the file\nloud = true\nfiles = one\nfiles = two\n");

  read({"--config", file, "--title", "of the command line"});
  EXPECT_EQ(choices.count, 5);
  EXPECT_EQ(choices.title, "of the command line");
  EXPECT_EQ(choices.words, "NA,#N/A");
  EXPECT_TRUE(choices.is_loud);
  EXPECT_THAT(choices.files, ElementsAre("one", "two"));

  read({"--config", file, "--files", "three"});
  EXPECT_THAT(choices.files, ElementsAre("three"));
}

TEST_F(CommandLine, RefusesUnknownNamesWithTheNearestOne) {
  EXPECT_EQ(refusal({"--cuont", "4"}, ExitCode::usage), "unknown option '--cuont'. Did you mean '--count'?");
  EXPECT_THAT(refusal({"--config", file_of("cuont = 4\n")}, ExitCode::config),
              HasSubstr("file.ini: unknown key 'cuont'. Did you mean 'count'?"));
  EXPECT_THAT(refusal({"--config", file_of("help = true\n")}, ExitCode::config), HasSubstr("has no meaning in a file"));
}

TEST_F(CommandLine, RefusesValuesThatDoNotFit) {
  EXPECT_EQ(refusal({"--count", "11"}, ExitCode::usage), "--count cannot be 11. It is a whole number from 1 to 10");
  EXPECT_THAT(refusal({"--count", "-1"}, ExitCode::usage), HasSubstr("--count"));
  EXPECT_THAT(refusal({"--count"}, ExitCode::usage), HasSubstr("--count"));
  EXPECT_THAT(refusal({"--count", "1", "--count", "2"}, ExitCode::usage), HasSubstr("more than once"));
  EXPECT_THAT(refusal({"--log", "xml"}, ExitCode::usage), HasSubstr("--log cannot be 'xml'. It is text or json"));
  EXPECT_THAT(refusal({"--hang-timeout", "soon"}, ExitCode::usage), HasSubstr("--hang-timeout soon"));
}

TEST_F(CommandLine, RefusesAWrongValueOfAFileAlsoWhereItIsOverridden) {
  EXPECT_THAT(refusal({"--count", "4", "--config", file_of("count = 11\n")}, ExitCode::config),
              HasSubstr("file.ini: --count cannot be 11"));
}

TEST_F(CommandLine, RefusesEmptyValues) {
  EXPECT_THAT(refusal({"--title", ""}, ExitCode::usage),
              HasSubstr("--title is empty. Give it a value, or leave it out"));
  EXPECT_THAT(refusal({"--columns="}, ExitCode::usage), HasSubstr("--columns"));
  EXPECT_THAT(refusal({"--columns", " , "}, ExitCode::usage), HasSubstr("--columns names nothing"));
  EXPECT_THAT(refusal({"--config", file_of("columns = #a, b\n")}, ExitCode::config),
              testing::AllOf(HasSubstr("file.ini: --columns is empty"), HasSubstr("needs quotes: \"#cards\"")));
}

TEST_F(CommandLine, TakesNumberSignsInQuotesAsPartsOfNames) {
  read({"--config", file_of("columns = \"#a\", \" #b\", 5\" c # no \"comment\"\ntitle = \"#1\" # one\n")});

  EXPECT_THAT(choices.columns, ElementsAre("#a", " #b", "5\" c"));
  EXPECT_EQ(choices.title, "\"#1\"");
}

TEST_F(CommandLine, ReadsBackTheConfigurationThatItPrints) {
  read({"--count", "7", "--title", "run#1", "--loud", "--files", "one", "two", "--columns", "\"#a\",\"b, c\",d",
        "--log", "json"});
  const std::string printed = printed_config(tables());

  read({"--config", file_of(printed)});

  EXPECT_EQ(printed_config(tables()), printed);
  EXPECT_EQ(choices.title, "run#1");
  EXPECT_THAT(choices.columns, ElementsAre("#a", "b, c", "d"));
  EXPECT_THAT(choices.files, ElementsAre("one", "two"));
  EXPECT_THAT(printed, HasSubstr("# how many, see --title (1 to 10)\ncount = 7\n"));
}

TEST_F(CommandLine, HelpsWithFlagsDefaultsAndRanges) {
  const std::string help = listed(tables());
  EXPECT_THAT(help, HasSubstr("Choices:\n"));
  EXPECT_THAT(help, testing::ContainsRegex("-c \\[ --count \\] N \\(=3\\) +how many, see --title \\(1 to 10\\)"));
  EXPECT_THAT(help, testing::Not(HasSubstr("(=)")));
}

TEST_F(CommandLine, GivesBareWordsToSeveralOptionsInTheirOrder) {
  parse({"4", "Any name", "a", "b"}, tables(), "count title files");

  EXPECT_EQ(choices.count, 4);
  EXPECT_EQ(choices.title, "Any name");
  EXPECT_THAT(choices.files, ElementsAre("a", "b"));
  EXPECT_EQ(positional_text("count title"), "words without a flag belong to --count and --title, in this order");
  EXPECT_EQ(positional_text("files"), "a word without a flag belongs to --files");
}

}  // namespace cardseg::cli
