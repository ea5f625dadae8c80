// From the text of a CSV value to a number, whatever the program's locale.
#pragma once

#include <cstdint>
#include <string_view>

#include "cardseg/convert/csv_problem.hpp"

namespace cardseg::convert {

/// Reads the whole of `value`, which has no blanks around it, as T (std::int32_t, std::int64_t, float, double). A
/// leading plus is allowed. A number too small for T is zero. Returns none (and sets `number`), not_an_integer,
/// not_a_number or, for infinite values and those that do not fit T, number_out_of_range.
template <class T>
CsvProblem parse(std::string_view value, T& number);

/// The words of csv_flags.hpp, 1, 0. Returns none (and sets `truth`) or not_a_boolean.
CsvProblem parse_boolean(std::string_view value, bool& truth);

/// inf or infinity, any case, with or without a sign.
bool is_infinity_word(std::string_view value);

/// Equal to `word`, which is lower case, in any case.
inline bool is_word(std::string_view value, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (value.size() != word.size()) return false;
  for (std::size_t i = 0; i < value.size(); ++i)
    if (lower(value[i]) != word[i]) return false;
  return true;
}

}  // namespace cardseg::convert
