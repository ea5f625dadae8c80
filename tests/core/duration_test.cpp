#include "cardseg/core/duration.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::core {
namespace {

double parsed(const std::string& text) { return parse_duration(text, "--max-runtime"); }

}  // namespace

TEST(Duration, ReadsNumbersWithUnits) {
  EXPECT_EQ(parsed("90"), 90);
  EXPECT_EQ(parsed("0.5s"), 0.5);
  EXPECT_EQ(parsed("5m"), 300);
  EXPECT_EQ(parsed("5min"), 300);
  EXPECT_EQ(parsed("1h30m"), 5400);
  EXPECT_EQ(parsed("1d2h3m4s"), 93784);
}

TEST(Duration, RefusesWhatIsNoPositiveTime) {
  for (const char* text : {"", "0", "0m", "-1", "5x", "m", ".5m", "1.2.3h", "30s1m", "1m30", "5 m", "400d", "nan"}) {
    SCOPED_TRACE(text);
    const Error error = support::error_of([&] { parsed(text); });

    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("--max-runtime"));
  }
}

TEST(Duration, IsSaidAsAClockSaysIt) {
  EXPECT_EQ(clock_text(59.4), "59 s");
  EXPECT_EQ(clock_text(125), "2:05 min");
  EXPECT_EQ(clock_text(3660), "1:01 h");
}

TEST(Duration, IsSaidRoughlyWhereItIsAnEstimate) {
  EXPECT_EQ(about_text(1.54), "1.5 s");
  EXPECT_EQ(about_text(720), "12 min");
  EXPECT_EQ(about_text(12240), "3.4 h");
}

}  // namespace cardseg::core
