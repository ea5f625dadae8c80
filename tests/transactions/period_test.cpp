#include "cardseg/transactions/period.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::transactions {
namespace {

Day day(const char* text) { return parse_day(text, "day"); }

Period window(const char* text, const char* last) { return parse_window(text, day(last), "window"); }

TEST(Days, AreReadAndWritten) {
  EXPECT_EQ(day("1970-01-01"), 0);
  EXPECT_EQ(day("2000-03-01"), 11017);
  EXPECT_EQ(day_text(day("1969-12-31")), "1969-12-31");
  EXPECT_EQ(day_text(day("2024-02-29")), "2024-02-29");
}

TEST(Days, ThatAreNoneAreRefused) {
  for (const char* text : {"2023-02-29", "2023-13-01", "2023-1-1", "31.12.2023", "2023-01-01 ", "20230101", "x"})
    EXPECT_EQ(support::error_of([&] { day(text); }).code(), core::ExitCode::usage) << text;
}

TEST(Days, HaveWeekdaysAndMonths) {
  EXPECT_EQ(weekday_of(day("2026-09-28")), 0);
  EXPECT_EQ(weekday_of(day("2026-10-04")), 6);
  EXPECT_EQ(weekday_of(day("1969-12-31")), 2);
  EXPECT_EQ(month_of(day("1970-01-31")), 0);
  EXPECT_EQ(month_of(day("1969-12-31")), -1);
  EXPECT_EQ(month_of(day("1971-02-01")), 13);
}

TEST(MonthsBefore, KeepTheEndsOfMonths) {
  EXPECT_EQ(day_text(months_before(day("2026-05-15"), 3)), "2026-02-15");
  EXPECT_EQ(day_text(months_before(day("2026-05-30"), 3)), "2026-02-28");
  EXPECT_EQ(day_text(months_before(day("2026-02-28"), 1)), "2026-01-31");
  EXPECT_EQ(day_text(months_before(day("2025-02-28"), 12)), "2024-02-29");
  EXPECT_EQ(day_text(months_before(day("2024-02-29"), 12)), "2023-02-28");
  EXPECT_EQ(day_text(months_before(day("2026-01-31"), 13)), "2024-12-31");
}

TEST(Window, EndsWithItsLastDay) {
  EXPECT_EQ(window("90d", "1998-06-30").first, day("1998-04-02"));
  EXPECT_EQ(window("1d", "1998-06-30").first, day("1998-06-30"));
  EXPECT_EQ(window("52w", "2026-09-30").first, day("2026-09-30") - 363);
  EXPECT_EQ(window("12m", "2026-09-30").first, day("2025-10-01"));
  EXPECT_EQ(window("1y", "2025-02-28").first, day("2024-03-01"));
  EXPECT_EQ(window("", "2026-09-30").first, no_day);
  EXPECT_TRUE(window("12m", "2026-09-30").contains(day("2025-10-01")));
  EXPECT_FALSE(window("12m", "2026-09-30").contains(day("2025-09-30")));
  EXPECT_FALSE(window("12m", "2026-09-30").contains(day("2026-10-01")));
}

TEST(Window, OfAnotherFormIsRefused) {
  for (const char* text : {"12", "m", "0d", "-3d", "3 m", "3q", "1.5y", "999999999d", "12mm"}) {
    const core::Error error = support::error_of([&] { window(text, "2026-09-30"); });
    EXPECT_EQ(error.code(), core::ExitCode::usage) << text;
    EXPECT_THAT(error.what(), testing::HasSubstr("90d, 52w, 12m, 2y"));
  }
}

}  // namespace
}  // namespace cardseg::transactions
