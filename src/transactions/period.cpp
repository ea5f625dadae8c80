#include "cardseg/transactions/period.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>

#include "cardseg/core/error.hpp"
#include "cardseg/core/name_list.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;
using std::chrono::year_month_day;

constexpr int months_a_year = 12;
constexpr int days_a_week = 7;
constexpr int most_units = 100'000;

year_month_day date_of(Day day) { return std::chrono::sys_days(std::chrono::days(day)); }

Day day_of(std::chrono::sys_days days) { return static_cast<Day>(days.time_since_epoch().count()); }

// So many days, weeks, months or years.
struct Span {
  int count = 0;
  char unit = 'd';
};

Span parse_span(const std::string& text, const std::string& subject) {
  Span span;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), span.count);
  const bool has_unit = problem == std::errc{} && end + 1 == text.data() + text.size();
  if (has_unit && span.count >= 1 && span.count <= most_units &&
      std::string_view("dwmy").find(*end) != std::string_view::npos) {
    span.unit = *end;
    return span;
  }
  throw Error(ExitCode::usage, fmt::format("{} cannot be '{}'", subject, text))
      .remedy("It is a number of days, weeks, months or years: 90d, 52w, 12m, 2y");
}

// `sign` -1: before, 1: behind.
Day moved(Day day, Span span, int sign) {
  switch (span.unit) {
    case 'd': return day + sign * span.count;
    case 'w': return day + sign * days_a_week * span.count;
    case 'm': return months_before(day, -sign * span.count);
    default: return months_before(day, -sign * months_a_year * span.count);
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Day parse_day(const std::string& text, const std::string& subject) {
  const bool is_written_so = text.size() == 10 && text[4] == '-' && text[7] == '-' && is_digit(text[0]) &&
                             is_digit(text[5]) && is_digit(text[8]);
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (is_written_so) {
    std::from_chars(text.data(), text.data() + 4, year);
    std::from_chars(text.data() + 5, text.data() + 7, month);
    std::from_chars(text.data() + 8, text.data() + 10, day);
  }
  const year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (is_written_so && year >= 1 && date.ok()) return day_of(date);
  throw Error(ExitCode::usage, fmt::format("{} cannot be '{}'", subject, text))
      .remedy("It is a day of the calendar, as 2026-09-30");
}

std::vector<Day> parse_days(const std::string& text, const std::string& subject) {
  const std::string monthly = "monthly ";
  std::vector<Day> days;
  if (text.starts_with(monthly)) {
    const std::string months = text.substr(monthly.size());
    const std::size_t dots = months.find("..");
    const auto first_of = [&](const std::string& month) { return parse_day(month + "-01", subject); };
    if (dots == std::string::npos)
      throw Error(ExitCode::usage, fmt::format("{} cannot be '{}'", subject, text))
          .remedy("Several months are written monthly 2025-10..2026-09");
    const Day last = first_of(months.substr(dots + 2));
    for (Day first = first_of(months.substr(0, dots)); first <= last;) {
      const Day next = months_before(first, -1);
      days.push_back(next - 1);
      first = next;
    }
  } else {
    for (const std::string& day : core::split_names(text)) days.push_back(parse_day(day, subject));
  }
  std::ranges::sort(days);
  if (days.empty() || std::ranges::adjacent_find(days) != days.end())
    throw Error(ExitCode::usage, fmt::format("{} cannot be '{}'", subject, text))
        .remedy(days.empty() ? "It has no month: the first comes before the last" : "A day stands there twice");
  return days;
}

std::string day_text(Day day) {
  const year_month_day date = date_of(day);
  return fmt::format("{:04d}-{:02d}-{:02d}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

int month_of(Day day) {
  const year_month_day date = date_of(day);
  return (static_cast<int>(date.year()) - 1970) * months_a_year +
         static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

int weekday_of(Day day) {
  const std::chrono::weekday weekday{std::chrono::sys_days(std::chrono::days(day))};
  return static_cast<int>(weekday.iso_encoding()) - 1;
}

Day months_before(Day day, int months) {
  const year_month_day date = date_of(day);
  const std::chrono::year_month month =
      std::chrono::year_month(date.year(), date.month()) - std::chrono::months(months);
  const std::chrono::year_month_day_last end = month / std::chrono::last;
  const bool was_last = date == year_month_day(date.year() / date.month() / std::chrono::last);
  if (was_last || date.day() > end.day()) return day_of(std::chrono::sys_days(end));
  return day_of(std::chrono::sys_days(month / date.day()));
}

Period parse_window(const std::string& text, Day last, const std::string& subject) {
  if (text.empty()) return {no_day, last};
  return {moved(last, parse_span(text, subject), -1) + 1, last};
}

int parse_horizon(const std::string& text, Day last, const std::string& subject) {
  return text.empty() ? 0 : moved(last, parse_span(text, subject), 1) - last;
}

}  // namespace cardseg::transactions
