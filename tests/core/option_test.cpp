#include "cardseg/core/option.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "cardseg/core/byte_size.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::core {
namespace {

using support::error_of;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Pair;

enum class Colour { red, green };
constexpr EnumNames<Colour> colour_names = {"red", "green"};

struct Choices {
  int count = 3;
  std::int64_t rows = 5;
  std::uint64_t seed = 1;
  double share = 0.5;
  std::string title;
  Colour colour = Colour::red;
  bool is_quiet = false;
  std::vector<std::string> columns;
  std::vector<std::string> files;
  std::int64_t bytes = 0;
};

OptionTable describe(Choices& o) {
  return {"Choices",
          {number(o.count, {1, 10}, {"count,c", "N", Shapes::result, "how many"}),
           number(o.rows, {0, 1'000'000'000'000}, {"rows", "N", Shapes::result, "rows"}),
           number(o.seed, {"seed", "N", Shapes::result, "seed"}),
           number(o.share, {0, 1}, {"share", "SHARE", Shapes::nothing, "share"}),
           text(o.title, {"title", "TEXT", Shapes::by_file, "title"}),
           choice(o.colour, colour_names, {"colour", "HOW", Shapes::result, "colour"}),
           toggle(o.is_quiet, {"quiet", "", Shapes::nothing, "quiet"}),
           names(o.columns, {"columns", "A,B", Shapes::result, "columns"}),
           words(o.files, {"files", "PATH...", Shapes::inputs, "files"}),
           byte_size(o.bytes, {"bytes", "SIZE", Shapes::nothing, "bytes"})}};
}

std::string refusal(const std::string& name, const std::string& text) {
  Choices choices;
  const Error error = error_of([&] { describe(choices).at(name).set({text}); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  return error.what();
}

}  // namespace

TEST(Option, HasANameAShortFormAndItsRange) {
  Choices choices;
  const Option option = describe(choices).at("count");

  EXPECT_EQ(option.name, "count");
  EXPECT_EQ(option.letter, "c");
  EXPECT_EQ(option.value_name, "N");
  EXPECT_EQ(option.explanation(), "how many (1 to 10)");
  EXPECT_EQ(describe(choices).at("seed").explanation(), "seed");
}

TEST(Option, SetsTheFieldOfItsStruct) {
  Choices choices;
  OptionTable table = describe(choices);
  table.at("count").set({"+7"});
  table.at("rows").set({"1000000000000"});
  table.at("seed").set({"18446744073709551615"});
  table.at("share").set({"1e-3"});
  table.at("title").set({"a title"});
  table.at("colour").set({"green"});
  table.at("quiet").set({"true"});
  table.at("columns").set({"a, b"});
  table.at("files").set({"one", "two"});
  table.at("bytes").set({"1.5G"});

  EXPECT_EQ(choices.count, 7);
  EXPECT_EQ(choices.rows, 1'000'000'000'000);
  EXPECT_EQ(choices.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(choices.share, 1e-3);
  EXPECT_EQ(choices.title, "a title");
  EXPECT_EQ(choices.colour, Colour::green);
  EXPECT_TRUE(choices.is_quiet);
  EXPECT_THAT(choices.columns, ElementsAre("a", "b"));
  EXPECT_THAT(choices.files, ElementsAre("one", "two"));
  EXPECT_EQ(byte_size_text(choices.bytes), "1536M");
}

TEST(Option, ReadsBackWhatItSays) {
  Choices first{9, 8, 7, 1.0 / 3, "x", Colour::green, true, {"a", "b"}, {"f", "g"}, 4096};
  Choices second;
  const OptionTable from = describe(first);
  const OptionTable to = describe(second);

  for (std::size_t i = 0; i < from.options.size(); ++i) to.options[i].set(from.options[i].texts());

  for (std::size_t i = 0; i < from.options.size(); ++i)
    EXPECT_EQ(to.options[i].texts(), from.options[i].texts()) << from.options[i].name;
  EXPECT_EQ(second.share, first.share);
}

TEST(Option, RefusesWhatIsNoNumberOrOutOfRange) {
  EXPECT_EQ(refusal("count", "0"), "count cannot be 0. It is a whole number from 1 to 10");
  EXPECT_EQ(refusal("count", "many"), "count cannot be 'many'. It is a whole number from 1 to 10");
  for (const char* text : {"", "3.5", "3 ", "0x3", "99999999999", "+", "--3"})
    EXPECT_THAT(refusal("count", text), HasSubstr("from 1 to 10")) << text;
  EXPECT_EQ(refusal("share", "nan"), "share cannot be nan. It is a number from 0 to 1");
  EXPECT_THAT(refusal("seed", "-1"), HasSubstr("seed cannot be '-1'"));
}

TEST(Option, RefusesOtherTexts) {
  EXPECT_EQ(refusal("colour", "redd"), "colour cannot be 'redd'. It is red or green. Did you mean 'red'?");
  EXPECT_THAT(refusal("quiet", "yes"), HasSubstr("true or false"));
  EXPECT_THAT(refusal("bytes", "much"), HasSubstr("bytes much: this is no positive size"));
}

TEST(Option, KeepsTheFieldWhereItRefuses) {
  Choices choices;
  EXPECT_THROW(describe(choices).at("count").set({"11"}), Error);
  EXPECT_EQ(choices.count, 3);
}

TEST(OptionTable, ChecksFieldsThatWereSetInTheProgram) {
  Choices choices;
  EXPECT_NO_THROW(validate(describe(choices)));
  choices.share = std::nan("");
  EXPECT_STREQ(error_of([&] { validate(describe(choices)); }).what(),
               "share cannot be nan. It is a number from 0 to 1");
}

TEST(OptionTable, SaysWhatShapesTheResult) {
  Choices choices;
  choices.columns = {"a", "b"};
  choices.title = "file";

  EXPECT_THAT(shaping_values(describe(choices)),
              ElementsAre(Pair("count", "3"), Pair("rows", "5"), Pair("seed", "1"), Pair("title", "file"),
                          Pair("colour", "red"), Pair("columns", "a,b")));
}

TEST(OptionTable, IsMergedWithEachNameOnce) {
  Choices first;
  Choices second;
  const OptionTable rest = without(describe(second), {"count", "files"});
  const OptionTable all = merged("All", {without(describe(first), {"count"}), describe(second)});

  EXPECT_EQ(rest.options.size(), 8u);
  EXPECT_EQ(all.title, "All");
  EXPECT_EQ(all.options.size(), 10u);
  EXPECT_EQ(all.options.back().name, "count");
  EXPECT_EQ(error_of([&] { without(rest, {"count"}); }).code(), ExitCode::internal);
}

}  // namespace cardseg::core
