#include "convert/csv_plain_class.hpp"

#include <algorithm>

#include "cardseg/core/exact_integer.hpp"
#include "convert/csv_values.hpp"

namespace cardseg::convert {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// Digits that remain certain: 10^15 < 2^53, and a number of 300 digits without exponent is finite.
constexpr std::size_t certainly_exact_digits = 15;
constexpr std::size_t certainly_finite_digits = 300;

ValueClass class_of_integer(std::string_view value, std::size_t digits) {
  if (digits <= certainly_exact_digits) return ValueClass::integer;
  if (digits > certainly_finite_digits) {
    double number = 0;
    if (parse(value, number) != CsvProblem::none) return ValueClass::infinite;
  }
  std::int64_t integer = 0;
  if (parse(value, integer) != CsvProblem::none) return ValueClass::huge_integer;
  constexpr auto exact = static_cast<std::int64_t>(core::most_exact_integer);
  return -exact <= integer && integer <= exact ? ValueClass::integer : ValueClass::wide_integer;
}

ValueClass class_of_real(std::string_view value, std::size_t integer_digits, bool has_exponent) {
  if (!has_exponent && integer_digits <= certainly_finite_digits) return ValueClass::real;
  double number = 0;
  return parse(value, number) == CsvProblem::none ? ValueClass::real : ValueClass::infinite;
}

// number: -? ( digits [ . digits? ] | . digits ) [ e [+-]? digits ]
ValueClass class_of_number(std::string_view value) {
  std::string_view rest = value;
  if (rest.front() == '-') rest.remove_prefix(1);
  const std::size_t integer_digits = count_digits(rest);
  if (integer_digits > 1 && rest.front() == '0') return ValueClass::text;
  rest.remove_prefix(integer_digits);
  if (rest.empty()) return integer_digits > 0 ? class_of_integer(value, integer_digits) : ValueClass::text;
  std::size_t fraction_digits = 0;
  if (rest.front() == '.') {
    fraction_digits = count_digits(rest.substr(1));
    rest.remove_prefix(1 + fraction_digits);
  }
  if (integer_digits + fraction_digits == 0) return ValueClass::text;
  const bool has_exponent = !rest.empty();
  if (has_exponent) {
    if (rest.front() != 'e' && rest.front() != 'E') return ValueClass::text;
    rest.remove_prefix(1);
    if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) rest.remove_prefix(1);
    if (rest.empty() || count_digits(rest) != rest.size()) return ValueClass::text;
  }
  return class_of_real(value, integer_digits, has_exponent);
}

}  // namespace

ValueClass class_of_plain_number(std::string_view value) {
  const char first = value.empty() ? 'x' : value.front();
  if (is_digit(first) || first == '.') return class_of_number(value);
  if (is_infinity_word(value)) return ValueClass::infinite;
  return first == '-' ? class_of_number(value) : ValueClass::text;
}

}  // namespace cardseg::convert
