#include "convert/csv_value_reader.hpp"

#include <type_traits>

#include "cardseg/core/exact_integer.hpp"
#include "convert/csv_dates.hpp"
#include "convert/csv_flags.hpp"
#include "convert/csv_plain_class.hpp"
#include "convert/csv_values.hpp"
#include "convert/csv_written_number.hpp"

namespace cardseg::convert {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Powers of ten that doubles hold exactly. A mantissa up to 2^53 divided by one is rounded once: the nearest double
// (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990).
constexpr double powers_of_ten[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
constexpr auto largest_exact = static_cast<std::int64_t>(core::most_exact_integer);

}  // namespace

ValueReader::ValueReader(const Conventions& conventions)
    : conventions_(conventions), decimal_(conventions.decimal_mark()) {
  for (const char c : std::string_view("0123456789+-(.,$\xC2\xE2"))
    can_begin_number_[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view("tTfFyYnNjJwW")) can_begin_flag_[static_cast<unsigned char>(c)] = true;
  const auto add = [&](std::string_view currency) {
    if (currency.empty()) return;
    can_begin_number_[static_cast<unsigned char>(currency.front())] = true;
    can_end_number_[static_cast<unsigned char>(currency.back())] = true;
  };
  for (const std::string_view currency : known_currencies) add(currency);
  for (const std::string& currency : conventions.currencies) add(currency);
  // The last bytes of U+2212 and of the blanks that may stand behind a number are among these.
  for (const char c : std::string_view("0123456789-.,)%Z\x92\xA0\x89\xAF"))
    can_end_number_[static_cast<unsigned char>(c)] = true;
}

ScannedValue ValueReader::classify(std::string_view value) const {
  ShortNumber number;
  if (read_short(value, decimal_, number)) return class_of_short(number, value);
  const char first = value.empty() ? 'x' : value.front();
  const bool may_be_plain = decimal_ == '.' || value.find('.') == value.npos;
  if (may_be_plain &&
      (is_digit(first) || first == '-' || first == '.' || first == '+' || first == 'i' || first == 'I')) {
    const ValueClass plain = class_of_plain_number(value);
    if (plain != ValueClass::text) return {.value_class = plain};
  }
  if (can_begin_flag_[static_cast<unsigned char>(first)])
    if (const std::optional<FlagWord> flag = flag_word(value))
      return {
          .value_class = ValueClass::boolean, .is_short = true, .mantissa = flag->truth ? 1 : 0, .marks = flag->mark};
  const bool may_be_written = !value.empty() && can_begin_number_[static_cast<unsigned char>(first)] &&
                              can_end_number_[static_cast<unsigned char>(value.back())];
  return may_be_written ? classify_written(value) : ScannedValue{};
}

ScannedValue ValueReader::class_of_short(const ShortNumber& number, std::string_view value) const {
  ScannedValue scanned{
      .value_class = ValueClass::real, .is_short = true, .scale = number.scale, .mantissa = number.signed_mantissa()};
  if (!number.has_point) {
    scanned.value_class = number.mantissa <= largest_exact ? ValueClass::integer : ValueClass::wide_integer;
  } else if (number.scale == 3 && number.integer_digits >= 1 && number.integer_digits <= 3 &&
             !conventions_.has_marks() && value[number.is_negative ? 1 : 0] != '0') {
    scanned.value_class = ValueClass::grouped_real;
    scanned.marks = mark::point_either;
  } else {
    scanned.marks = decimal_ == ',' ? mark::comma_decimal : mark::point_decimal;
  }
  return scanned;
}

ScannedValue ValueReader::classify_written(std::string_view value) const {
  if (const std::optional<std::int32_t> days = iso_date(value))
    return {.value_class = ValueClass::iso_date, .is_short = true, .mantissa = *days};
  if (const std::optional<WrittenDate> date = written_date(value)) {
    if (conventions_.dates != DateOrder::iso)
      if (const std::optional<std::int32_t> days = days_of(*date, conventions_.dates))
        return {.value_class = ValueClass::ordered_date, .is_short = true, .mantissa = *days, .marks = marks_of(*date)};
    return {.value_class = ValueClass::looks_like_date, .marks = marks_of(*date)};
  }
  PlainNumber plain;
  if (conventions_.reads_written_numbers() && to_plain(value, conventions_, plain)) {
    ScannedValue scanned;
    ShortNumber number;
    if (read_short(plain.text(), '.', number)) {
      scanned = {.value_class = number.has_point                   ? ValueClass::real
                                : number.mantissa <= largest_exact ? ValueClass::integer
                                                                   : ValueClass::wide_integer,
                 .is_short = true,
                 .scale = number.scale,
                 .mantissa = number.signed_mantissa()};
      const bool is_open = number.scale == 3 && number.integer_digits >= 1 && number.integer_digits <= 3 &&
                           !conventions_.has_marks() && number.mantissa >= 1000;
      if (is_open) scanned.value_class = ValueClass::grouped_real;
    } else {
      scanned.value_class = class_of_plain_number(plain.text());
    }
    scanned.marks = plain.marks;
    if (scanned.value_class != ValueClass::text) return scanned;
  }
  const std::optional<std::uint64_t> marks = marks_of_written_number(value);
  return marks ? ScannedValue{.value_class = ValueClass::looks_like_number, .marks = *marks} : ScannedValue{};
}

template <class T>
CsvProblem ValueReader::number(std::string_view value, T& number) const {
  ShortNumber digits;
  if constexpr (!std::is_same_v<T, float>) {  // a float rounded twice would not be the nearest
    if (read_short(value, decimal_, digits) && digits.mantissa <= largest_exact) {
      if constexpr (std::is_same_v<T, double>) {
        const double size = static_cast<double>(digits.mantissa) / powers_of_ten[digits.scale];
        return number = digits.is_negative ? -size : size, CsvProblem::none;
      } else if (!digits.has_point && digits.mantissa <= std::numeric_limits<T>::max()) {
        return number = static_cast<T>(digits.signed_mantissa()), CsvProblem::none;
      }
    }
  }
  if (decimal_ == '.' || value.find('.') == value.npos) {
    const CsvProblem problem = parse(value, number);
    const bool is_other = problem == CsvProblem::not_a_number || problem == CsvProblem::not_an_integer;
    if (!is_other || !conventions_.reads_written_numbers()) return problem;
  }
  PlainNumber plain;
  if (to_plain(value, conventions_, plain)) return parse(plain.text(), number);
  return std::is_integral_v<T> ? CsvProblem::not_an_integer : CsvProblem::not_a_number;
}

template CsvProblem ValueReader::number(std::string_view, std::int32_t&) const;
template CsvProblem ValueReader::number(std::string_view, std::int64_t&) const;
template CsvProblem ValueReader::number(std::string_view, float&) const;
template CsvProblem ValueReader::number(std::string_view, double&) const;

CsvProblem ValueReader::date(std::string_view value, std::int32_t& days) const {
  const std::optional<std::int32_t> read = date_in(value, conventions_.dates);
  if (read) days = *read;
  return read ? CsvProblem::none : CsvProblem::not_a_date;
}

std::string ValueReader::plain(std::string_view value) const {
  PlainNumber plain;
  if (conventions_.reads_written_numbers() && to_plain(value, conventions_, plain)) return std::string(plain.text());
  return std::string(value);
}

}  // namespace cardseg::convert
