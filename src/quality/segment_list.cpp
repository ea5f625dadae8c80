#include "cardseg/quality/segment_list.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <string_view>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::quality {
namespace {

constexpr std::string_view dots = "..";

[[noreturn]] void refuse(std::string_view part, const std::string& reason) {
  throw core::Error(core::ExitCode::usage,
                    fmt::format("{} cannot hold '{}': {}", core::field("segments"), part, reason))
      .remedy(fmt::format("It is a number, a range or a list of them from 1 to {}: 5, 2..12 or 2,4,8..10",
                          most_studied_segments));
}

int number_in(std::string_view part, std::string_view digits) {
  int number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || failure == std::errc::invalid_argument || end != digits.data() + digits.size())
    refuse(part, digits.empty() ? "a number is missing" : fmt::format("'{}' is no whole number", digits));
  if (failure != std::errc() || number < 1 || number > most_studied_segments)
    refuse(part, fmt::format("{} is not from 1 to {}", digits, most_studied_segments));
  return number;
}

void add_part(std::string_view part, std::set<int>& numbers) {
  const std::size_t middle = part.find(dots);
  const int first = number_in(part, part.substr(0, middle));
  const int last = middle == std::string_view::npos ? first : number_in(part, part.substr(middle + dots.size()));
  if (last < first) refuse(part, "the range runs backwards");
  for (int number = first; number <= last; ++number) numbers.insert(number);
}

}  // namespace

std::vector<int> parse_segment_list(const std::string& text) {
  std::set<int> numbers;
  std::string_view rest = text;
  for (std::size_t comma = 0; comma != std::string_view::npos; rest.remove_prefix(comma + 1)) {
    comma = rest.find(',');
    add_part(rest.substr(0, comma), numbers);
    if (comma == std::string_view::npos) break;
  }
  return {numbers.begin(), numbers.end()};
}

}  // namespace cardseg::quality
