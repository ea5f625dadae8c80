#include "cardseg/convert/csv_types.hpp"

#include <algorithm>

#include "cardseg/core/field.hpp"
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
  std::int64_t integer = 0;
  if (parse(value, integer) != CsvProblem::none) return ValueClass::huge_integer;
  constexpr std::int64_t exact = std::int64_t{1} << 53;
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

InferredType infer_numeric(const ColumnEvidence& evidence) {
  const bool has_integers_beyond_double =
      evidence.count(ValueClass::wide_integer) + evidence.count(ValueClass::huge_integer) > 0;
  if (evidence.count(ValueClass::real) > 0)
    return {io::ColumnType::float64, false,
            has_integers_beyond_double ? "integers beyond 2^53 are rounded, because other values have a fraction" : ""};
  if (evidence.count(ValueClass::huge_integer) > 0)
    return {io::ColumnType::text, false, "is kept as text, because it has integers that do not fit 64 bits"};
  if (evidence.missing() == 0) return {io::ColumnType::int64, false, ""};
  if (has_integers_beyond_double)
    return {io::ColumnType::text, false,
            "is kept as text, because it has missing values and integers beyond 2^53, which a float64 would round"};
  return {io::ColumnType::float64, false, ""};
}

// A column of numbers that is text because of a few values would be no feature, without a word.
std::string note_of_stray_words(std::int64_t words) {
  return "is kept as text, because " + std::to_string(words) +
         (words == 1 ? " of its values is" : " of its values are") +
         " no number; correct them, or name words for missing values with " + core::field("na");
}

}  // namespace

ValueClass classify(std::string_view value) {
  const char first = value.empty() ? 'x' : value.front();
  if (is_digit(first) || first == '.') return class_of_number(value);
  if (is_infinity_word(value)) return ValueClass::infinite;
  if (first == '-') return class_of_number(value);
  return is_boolean_word(value) ? ValueClass::boolean : ValueClass::text;
}

void ColumnEvidence::add(ValueClass value_class, std::int64_t bytes) {
  ++counts[static_cast<std::size_t>(value_class)];
  if (value_class != ValueClass::missing) longest_bytes = std::max(longest_bytes, bytes);
}

InferredType infer(const ColumnEvidence& evidence) {
  const std::int64_t booleans = evidence.count(ValueClass::boolean);
  std::int64_t numbers = 0;
  for (const ValueClass number : {ValueClass::integer, ValueClass::wide_integer, ValueClass::huge_integer,
                                  ValueClass::real, ValueClass::infinite})
    numbers += evidence.count(number);
  const std::int64_t words = evidence.count(ValueClass::text) + booleans;
  if (evidence.count(ValueClass::text) > 0 || (booleans > 0 && numbers > 0))
    return {io::ColumnType::text, false, numbers > words ? note_of_stray_words(words) : ""};
  if (numbers > 0) return infer_numeric(evidence);
  if (booleans > 0 && evidence.missing() == 0) return {io::ColumnType::boolean, false, ""};
  return {io::ColumnType::float64, booleans > 0, ""};
}

}  // namespace cardseg::convert
