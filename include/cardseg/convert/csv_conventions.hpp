// How the numbers and dates of a file are written: one convention for all of it, never one a row.
#pragma once

#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::convert {

/// The order of a date that is not written as ISO 8601 does (2019-01-31, which is always read).
enum class DateOrder { iso, dmy, mdy };
inline constexpr core::EnumNames<DateOrder> date_order_names = {"iso", "dmy", "mdy"};

struct Conventions {
  char decimal = 0;    ///< '.' or ','; 0: not given, and a point unless thousands are marked with one
  char thousands = 0;  ///< '.', ',', ' ' (also no-break and thin spaces) or '\''; 0: none
  std::vector<std::string> currencies{};  ///< symbols and codes that may stand before or behind a number; at most 24
  DateOrder dates = DateOrder::iso;

  /// True where numbers are read as people write them: with percent signs, (30.00), 5.00-, U+2212, +12, no-break
  /// spaces.
  bool reads_written_numbers() const { return decimal != 0 || thousands != 0 || !currencies.empty(); }
  /// True where what 10.000 means was said.
  bool has_marks() const { return decimal != 0 || thousands != 0; }
  char decimal_mark() const { return decimal != 0 ? decimal : thousands == '.' ? ',' : '.'; }
};

}  // namespace cardseg::convert
