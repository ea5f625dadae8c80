#include "cardseg/core/enum_names.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/field.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::core {
namespace {

enum class Colour { red, green, grey };
constexpr EnumNames<Colour> colour_names = {"red", "green", "grey"};

}  // namespace

TEST(EnumNames, AreWrittenAndRead) {
  for (const Colour each : {Colour::red, Colour::green, Colour::grey}) {
    EXPECT_EQ(colour_names.named(colour_names[each], "colour"), each);
    EXPECT_EQ(colour_names.find(colour_names[each]), each);
  }
  EXPECT_THAT(colour_names.all(), testing::ElementsAre("red", "green", "grey"));
}

TEST(EnumNames, RefuseOtherNamesWithTheOnesThatThereAre) {
  const Error error = support::error_of([] { colour_names.named("gren", field("colour"), ExitCode::config); });

  EXPECT_EQ(error.code(), ExitCode::config);
  EXPECT_STREQ(error.what(), "colour cannot be 'gren'. It is red, green or grey. Did you mean 'green'?");
  EXPECT_FALSE(colour_names.find("RED"));
  EXPECT_FALSE(colour_names.find(""));
}

}  // namespace cardseg::core
