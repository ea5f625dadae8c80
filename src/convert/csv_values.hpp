// From the text of a CSV value to a number, whatever the program's locale.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/convert/csv_problem.hpp"

namespace cardseg::convert {

/// Reads the whole of `value`, which has no blanks around it, as T (std::int32_t, std::int64_t, float, double). A
/// leading plus is allowed. A number too small for T is zero. Returns none (and sets `number`), not_an_integer,
/// not_a_number or, for infinite values and those that do not fit T, number_out_of_range.
template <class T>
CsvProblem parse(std::string_view value, T& number);

/// true, false (any case), 1, 0. Returns none (and sets `truth`) or not_a_boolean.
CsvProblem parse_boolean(std::string_view value, bool& truth);

/// true or false, any case.
bool is_boolean_word(std::string_view value);
/// inf or infinity, any case, with or without a sign.
bool is_infinity_word(std::string_view value);

/// The words that stand for a missing value, beside the empty field.
class MissingMarkers {
 public:
  /// `list`: separated by commas; blanks around a word do not count.
  explicit MissingMarkers(std::string_view list);

  /// `value` has no blanks around it.
  bool contains(std::string_view value) const {
    if (value.empty()) return true;
    return can_begin_[static_cast<unsigned char>(value.front())] &&
           std::find(words_.begin(), words_.end(), value) != words_.end();
  }

 private:
  std::vector<std::string> words_;
  bool can_begin_[256] = {};
};

}  // namespace cardseg::convert
