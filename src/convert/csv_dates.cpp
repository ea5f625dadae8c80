#include "convert/csv_dates.hpp"

#include <chrono>

#include "cardseg/convert/csv_types.hpp"

namespace cardseg::convert {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes `least` to `most` digits from the front of `text`; -1 where they are not there.
int take_number(std::string_view& text, std::size_t least, std::size_t most) {
  int number = 0;
  std::size_t digits = 0;
  while (digits < most && digits < text.size() && is_digit(text[digits])) number = 10 * number + (text[digits++] - '0');
  text.remove_prefix(digits);
  return digits < least ? -1 : number;
}

std::optional<std::int32_t> days(int year, int month, int day) {
  if (year < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

// Nothing, or midnight: " 00:00", "T00:00:00.000Z".
bool is_midnight(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != ' ' && text.front() != 'T') return false;
  text.remove_prefix(1);
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  if (!text.starts_with("00:00")) return false;
  text.remove_prefix(5);
  if (text.empty()) return true;
  if (!text.starts_with(":00")) return false;
  text.remove_prefix(3);
  return text.empty() || (text.size() > 1 && text.front() == '.' && text.find_first_not_of('0', 1) == text.npos);
}

}  // namespace

std::optional<std::int32_t> iso_date(std::string_view value) {
  if (value.size() < 10 || value[4] != '-' || value[7] != '-') return std::nullopt;
  std::string_view rest = value;
  const int year = take_number(rest, 4, 4);
  if (year < 0) return std::nullopt;
  rest.remove_prefix(1);
  const int month = take_number(rest, 2, 2);
  if (month < 0 || rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  const int day = take_number(rest, 2, 2);
  if (day < 0 || !is_midnight(rest)) return std::nullopt;
  return days(year, month, day);
}

std::optional<std::int32_t> compact_date(std::string_view value) {
  if (value.size() != 8) return std::nullopt;
  const int year = take_number(value, 4, 4);
  const int month = take_number(value, 2, 2);
  const int day = take_number(value, 2, 2);
  return year < 0 || month < 0 || day < 0 ? std::nullopt : days(year, month, day);
}

std::optional<WrittenDate> written_date(std::string_view value) {
  if (value.size() < 8 || value.size() > 10) return std::nullopt;
  WrittenDate date;
  std::string_view rest = value;
  date.first = take_number(rest, 1, 2);
  if (date.first < 0 || rest.empty()) return std::nullopt;
  date.separator = rest.front();
  if (date.separator != '.' && date.separator != '/' && date.separator != '-') return std::nullopt;
  rest.remove_prefix(1);
  date.second = take_number(rest, 1, 2);
  if (date.second < 0 || rest.empty() || rest.front() != date.separator) return std::nullopt;
  rest.remove_prefix(1);
  date.year = take_number(rest, 4, 4);
  if (date.year < 0 || !rest.empty()) return std::nullopt;
  if (!days_of(date, DateOrder::dmy) && !days_of(date, DateOrder::mdy)) return std::nullopt;
  return date;
}

std::optional<std::int32_t> days_of(const WrittenDate& date, DateOrder order) {
  return order == DateOrder::mdy ? days(date.year, date.first, date.second) : days(date.year, date.second, date.first);
}

std::uint64_t marks_of(const WrittenDate& date) {
  return (date.first > 12 ? mark::first_over_12 : 0) | (date.second > 12 ? mark::second_over_12 : 0) |
         (date.separator == '.' ? mark::date_with_points : mark::date_with_other);
}

std::optional<std::int32_t> date_in(std::string_view value, DateOrder order) {
  if (const std::optional<std::int32_t> iso = iso_date(value)) return iso;
  if (order == DateOrder::iso) return std::nullopt;
  const std::optional<WrittenDate> written = written_date(value);
  return written ? days_of(*written, order) : std::nullopt;
}

}  // namespace cardseg::convert
