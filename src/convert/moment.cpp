#include "cardseg/convert/moment.hpp"

#include "convert/csv_dates.hpp"

namespace cardseg::convert {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes two digits from the front of `text`; -1 where they are not there.
int take_two(std::string_view& text) {
  if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return -1;
  const int number = 10 * (text[0] - '0') + (text[1] - '0');
  text.remove_prefix(2);
  return number;
}

// Z, +02, +0200, +02:00 or nothing.
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  if (text.front() != '+' && text.front() != '-') return false;
  text.remove_prefix(1);
  if (take_two(text) < 0) return false;
  if (text.starts_with(':')) text.remove_prefix(1);
  return text.empty() || (take_two(text) >= 0 && text.empty());
}

// 15:30, 15:30:59, 15:30:59.123, a zone behind it; the second of the day.
std::optional<std::int32_t> second_in(std::string_view text) {
  const int hour = take_two(text);
  if (hour < 0 || hour > 23 || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  const int minute = take_two(text);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    second = take_two(text);
    if (second < 0 || second > 59) return std::nullopt;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    }
  }
  if (!is_zone(text)) return std::nullopt;
  return 3600 * hour + 60 * minute + second;
}

}  // namespace

std::optional<Moment> moment_in(std::string_view value, DateOrder order) {
  const std::size_t behind_date = value.size() > 8 ? value.find_first_of("T ", 8) : std::string_view::npos;
  const std::string_view date = value.substr(0, behind_date);
  std::optional<std::int32_t> day = date_in(date, order);
  if (!day) day = compact_date(date);
  if (!day) return std::nullopt;
  if (behind_date == std::string_view::npos) return Moment{*day, -1};
  const std::optional<std::int32_t> second = second_in(value.substr(behind_date + 1));
  return second ? std::optional(Moment{*day, *second}) : std::nullopt;
}

}  // namespace cardseg::convert
