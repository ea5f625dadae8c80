#include "cardseg/core/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "cardseg/core/error.hpp"

namespace cardseg::core {
namespace {

constexpr double most_seconds = 366.0 * 86400;
const std::map<std::string, double> seconds_of = {{"d", 86400}, {"h", 3600}, {"m", 60}, {"min", 60}, {"s", 1}, {"", 1}};

}  // namespace

double parse_duration(const std::string& text, const std::string& subject) {
  const auto refuse = [&](const char* why) {
    return Error(ExitCode::usage, fmt::format("{} {}: {}", subject, text, why))
        .remedy("Give a time such as 90s, 5m, 1h30m or 2d, or seconds without a letter");
  };
  double total = 0.0;
  double unit_before = 2 * seconds_of.at("d");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t unit_at = std::min(text.find_first_not_of("0123456789.", at), text.size());
    const std::string number = text.substr(at, unit_at - at);
    if (number.empty() || number[0] == '.' || number.find('.') != number.rfind('.')) throw refuse("this is no time");
    at = std::min(text.find_first_of("0123456789", unit_at), text.size());
    const auto unit = seconds_of.find(text.substr(unit_at, at - unit_at));
    if (unit == seconds_of.end()) throw refuse("this unit is not known");
    if (unit->second >= unit_before || (unit->first.empty() && total > 0)) throw refuse("larger units come first");
    unit_before = unit->second;
    total += std::strtod(number.c_str(), nullptr) * unit->second;
  }
  if (!(total > 0)) throw refuse("this is no positive time");
  if (total > most_seconds) throw refuse("this is more than a year");
  return total;
}

std::string clock_text(double seconds) {
  const auto whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

std::string about_text(double seconds) {
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace cardseg::core
