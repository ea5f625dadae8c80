// The common case of a number, up to 17 bytes without exponent, read in one sweep.
#pragma once

#include <cstdint>
#include <string_view>

namespace cardseg::convert {

/// mantissa / 10^scale; `integer_digits` and `scale` are the digits before and behind the decimal mark.
struct ShortNumber {
  std::int64_t mantissa = 0;  ///< without its sign
  std::uint8_t scale = 0;
  std::uint8_t integer_digits = 0;
  bool has_point = false;
  bool is_negative = false;

  std::int64_t signed_mantissa() const { return is_negative ? -mantissa : mantissa; }
};

inline constexpr std::size_t longest_short_number = 17;

/// -? ( digits [ mark digits? ] | mark digits ), without a zero before other digits; false for all else.
inline bool read_short(std::string_view value, char decimal_mark, ShortNumber& number) {
  if (value.empty() || value.size() > longest_short_number) return false;
  const char* at = value.data();
  const char* const end = at + value.size();
  const auto is_digit = [&] { return at < end && *at >= '0' && *at <= '9'; };
  number = {};
  number.is_negative = *at == '-';
  if (number.is_negative) ++at;
  const char* const first = at;
  std::int64_t mantissa = 0;
  for (; is_digit(); ++at) mantissa = 10 * mantissa + (*at - '0');
  number.integer_digits = static_cast<std::uint8_t>(at - first);
  if (number.integer_digits > 1 && *first == '0') return false;
  if (at < end && *at == decimal_mark) {
    number.has_point = true;
    const char* const fraction = ++at;
    for (; is_digit(); ++at) mantissa = 10 * mantissa + (*at - '0');
    number.scale = static_cast<std::uint8_t>(at - fraction);
  }
  number.mantissa = mantissa;
  return at == end && number.integer_digits + number.scale > 0;
}

}  // namespace cardseg::convert
