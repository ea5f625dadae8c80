// Numbers and texts as people read them: three significant digits, thousands separators, no exponents, no "-0".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// What stands where a value is not there.
constexpr const char* nothing = "-";

/// 12345678 as "12,345,678".
std::string shown_count(std::int64_t count);

/// At least `digits` significant digits: 1234.5 as "1,235", 0.12345 as "0.123", 2.5 as "2.5"; what is nearer to zero
/// than a millionth as "< 0.000001"; from 10^15 up as "1.2 x 10^15". NaN: `nothing`.
std::string shown_number(double value, int digits = 3);

/// With so many decimals: 1234.56 and 1 as "1,234.6". NaN: `nothing`.
std::string shown_fixed(double value, int decimals);

/// 0.4237 as "42 %", 0.0837 as "8.4 %", 0.997 as "99.7 %"; what is next to nothing or next to all as "< 0.1 %" and
/// "> 99.9 %". NaN: `nothing`.
std::string shown_share(double share);

/// A ratio: 4.117 as "4.1 x", 12.4 as "12 x", 0.0312 as "0.03 x"; what is next to nothing as "< 0.01 x". NaN:
/// `nothing`.
std::string shown_factor(double ratio);

/// Standard deviations: 1.26 as "+1.3 sd", -0.04 as "0.0 sd". NaN: `nothing`.
std::string shown_deviation(double deviations);

/// 162e6 as "162 MB".
std::string shown_megabytes(std::int64_t bytes, int decimals = 0);

/// "1 shard", "1,200 shards". `noun`: singular, with a plural in -s.
std::string counted(std::int64_t count, std::string_view noun);

/// A value as `column` shows it.
std::string shown(const Column& column, const Value& value);

/// Text that can go anywhere in a line: blanks for tabs and line ends; "?" for control characters, for those that turn
/// the direction of writing, and for every byte that is not UTF-8. (XML cannot hold some of them at all; a terminal
/// obeys some.)
std::string readable(std::string_view text);

/// A place in a drawing, with one decimal at most.
std::string coordinate(double value);

}  // namespace cardseg::report
