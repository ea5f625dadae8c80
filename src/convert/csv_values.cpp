#include "convert/csv_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <type_traits>

#include "convert/csv_flags.hpp"

namespace cardseg::convert {
namespace {

// std::from_chars calls numbers out of range at both ends. This tells them apart: the power of ten of the first digit
// that is not zero decides, for a number that is known to be far from 1.
bool is_tiny(std::string_view value) {
  const std::size_t mark = std::min(value.find_first_of("eE"), value.size());
  const std::string_view mantissa = value.substr(0, mark);
  const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const auto magnitude = static_cast<double>(point) - static_cast<double>(first);
  const bool is_negative = mark + 1 < value.size() && value[mark + 1] == '-';
  double exponent = 0;
  for (const char c : value.substr(mark))
    if (c >= '0' && c <= '9') exponent = 10 * exponent + (c - '0');
  return magnitude + (is_negative ? -exponent : exponent) < 0;
}

}  // namespace

template <class T>
CsvProblem parse(std::string_view value, T& number) {
  constexpr CsvProblem not_one = std::is_integral_v<T> ? CsvProblem::not_an_integer : CsvProblem::not_a_number;
  if (!value.empty() && value.back() > '9' && is_infinity_word(value)) return CsvProblem::number_out_of_range;
  if (value.size() > 1 && value.front() == '+' && value[1] != '-') value.remove_prefix(1);
  T parsed = 0;
  const std::from_chars_result result = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (result.ptr != value.data() + value.size() || result.ec == std::errc::invalid_argument) return not_one;
  if constexpr (std::is_floating_point_v<T>) {
    if (result.ec == std::errc::result_out_of_range && is_tiny(value)) {
      number = value.front() == '-' ? -T{0} : T{0};
      return CsvProblem::none;
    }
    if (std::isnan(parsed)) return not_one;  // nan and nan(...): words, not numbers
    if (std::isinf(parsed)) return CsvProblem::number_out_of_range;
  }
  if (result.ec != std::errc{}) return CsvProblem::number_out_of_range;
  number = parsed;
  return CsvProblem::none;
}

template CsvProblem parse(std::string_view, std::int32_t&);
template CsvProblem parse(std::string_view, std::int64_t&);
template CsvProblem parse(std::string_view, float&);
template CsvProblem parse(std::string_view, double&);

CsvProblem parse_boolean(std::string_view value, bool& truth) {
  const std::optional<FlagWord> word = flag_word(value);
  if (!word && value != "1" && value != "0") return CsvProblem::not_a_boolean;
  truth = word ? word->truth : value == "1";
  return CsvProblem::none;
}

bool is_infinity_word(std::string_view value) {
  if (!value.empty() && (value.front() == '-' || value.front() == '+')) value.remove_prefix(1);
  return is_word(value, "inf") || is_word(value, "infinity");
}

}  // namespace cardseg::convert
