// Days, months and the days that count.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace cardseg::transactions {

/// Days since 1970-01-01 in the Gregorian calendar.
using Day = std::int32_t;

inline constexpr Day no_day = std::numeric_limits<Day>::min();

/// The day that `text` says, as 2026-09-30. Throws core::Error(usage) that names `subject`.
Day parse_day(const std::string& text, const std::string& subject);
/// "2026-08-31,2026-09-30", or "monthly 2026-07..2026-09": the last day of each of these months. Ascending. Throws
/// core::Error(usage) that names `subject`, also where a day stands there twice.
std::vector<Day> parse_days(const std::string& text, const std::string& subject);
/// 2026-09-30.
std::string day_text(Day day);

/// Months since January 1970; December 1969 is -1.
int month_of(Day day);
/// 0 is Monday, 6 is Sunday.
int weekday_of(Day day);
/// The same day of the month so many months before, or the last one of a shorter month. The last day of a month becomes
/// the last day of a month: one month before 2026-02-28 is 2026-01-31.
Day months_before(Day day, int months);

/// The days that count: first to last, both included.
struct Period {
  Day first = no_day;  ///< no_day: from the beginning
  Day last = 0;

  bool contains(Day day) const { return first <= day && day <= last; }
};

/// "12m", "90d", "52w" or "2y" before and up to `last`: 90d are 90 days, the last included; 12m begin on the day after
/// `months_before(last, 12)`. An empty text is no limit. Throws core::Error(usage) that names `subject`.
Period parse_window(const std::string& text, Day last, const std::string& subject);

/// The days of "12m", "90d", "52w" or "2y" behind `last`: 12m reach to the same day 12 months later. An empty text
/// is 0. Throws core::Error(usage) that names `subject`.
int parse_horizon(const std::string& text, Day last, const std::string& subject);

}  // namespace cardseg::transactions
