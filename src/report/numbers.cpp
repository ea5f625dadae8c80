#include "cardseg/report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/with_commas.hpp"
#include "cardseg/io/utf8.hpp"

namespace cardseg::report {
namespace {

constexpr int most_digits_before_point = 15;  // beyond them a power of ten reads better
constexpr int smallest_exponent = -6;         // what is nearer to zero is as good as zero

// Digits and perhaps a point, without a sign: "1234.50" as "1,234.50".
std::string with_commas(const std::string& digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  return core::with_commas(std::stoll(digits.substr(0, point))) + digits.substr(point);
}

std::string without_last_zeros(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

// No minus before what was rounded to nothing.
std::string with_sign(double value, const std::string& digits) {
  return (value < 0 && digits.find_first_of("123456789") != std::string::npos ? "-" : "") + digits;
}

std::string not_finite(double value) {
  if (std::isnan(value)) return nothing;
  return value < 0 ? "-infinite" : "infinite";
}

bool turns_direction(char32_t point) {
  return point == 0x61C || point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029 || point == 0xFFFE ||
         point == 0xFFFF;
}

// Of UTF-8 that is valid.
char32_t code_point(std::string_view bytes) {
  constexpr unsigned char mask_of_first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t point = static_cast<unsigned char>(bytes[0]) & mask_of_first[bytes.size()];
  for (char byte : bytes.substr(1)) point = (point << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
  return point;
}

// Zeros at the end of a number that is not whole: alone it reads better without, in a column with them.
enum class LastZeros { drop, keep };

std::string significant(double value, int digits, LastZeros zeros) {
  if (!std::isfinite(value)) return not_finite(value);
  if (value == 0) return "0";
  const double magnitude = std::abs(value);
  const std::string scientific = fmt::format("{:.{}e}", magnitude, digits - 1);  // "1.23e-04": rounded, so 9.999 is 10
  const std::size_t e = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(e + 1));
  if (exponent < smallest_exponent) return value < 0 ? "> -0.000001" : "< 0.000001";
  if (exponent >= most_digits_before_point)
    return with_sign(value, fmt::format("{} x 10^{}", without_last_zeros(scientific.substr(0, e)), exponent));
  const std::string plain = fmt::format("{:.{}f}", magnitude, std::max(0, digits - 1 - exponent));
  const bool keeps_zeros = zeros == LastZeros::keep && value != std::trunc(value);
  return with_sign(value, with_commas(keeps_zeros ? plain : without_last_zeros(plain)));
}

}  // namespace

std::string shown_count(std::int64_t count) { return core::with_commas(count); }

std::string shown_number(double value, int digits) { return significant(value, digits, LastZeros::drop); }

std::string shown_fixed(double value, int decimals) {
  if (!std::isfinite(value)) return not_finite(value);
  if (std::abs(value) >= std::pow(10.0, most_digits_before_point)) return shown_number(value);
  return with_sign(value, with_commas(fmt::format("{:.{}f}", std::abs(value), decimals)));
}

std::string shown_share(double share) {
  if (!std::isfinite(share)) return not_finite(share);
  const double percent = 100 * share;
  if (percent > 0 && percent < 0.05) return "< 0.1 %";
  if (percent < 100 && percent > 99.95) return "> 99.9 %";
  const bool needs_decimal =
      percent != 0 && percent != 100 && (std::abs(percent) < 9.95 || (percent >= 99 && percent < 100));
  return shown_fixed(percent, needs_decimal ? 1 : 0) + " %";
}

std::string shown_factor(double ratio) {
  if (!std::isfinite(ratio)) return not_finite(ratio);
  if (ratio > 0 && ratio < 0.005) return "< 0.01 x";
  const double magnitude = std::abs(ratio);
  return shown_fixed(ratio, magnitude >= 9.95 ? 0 : magnitude >= 0.995 || magnitude == 0 ? 1 : 2) + " x";
}

std::string shown_deviation(double deviations) {
  if (!std::isfinite(deviations)) return not_finite(deviations);
  const std::string digits = shown_fixed(deviations, 1);
  return (deviations > 0 && digits != "0.0" ? "+" : "") + digits + " sd";
}

std::string shown_megabytes(std::int64_t bytes, int decimals) {
  return shown_fixed(static_cast<double>(bytes) / 1e6, decimals) + " MB";
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", shown_count(count), noun, count == 1 ? "" : "s");
}

std::string shown(const Column& column, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return readable(*text);
  if (std::holds_alternative<std::monostate>(value)) return nothing;
  const auto* count = std::get_if<std::int64_t>(&value);
  const double number = count != nullptr ? static_cast<double>(*count) : std::get<double>(value);
  switch (column.format) {
    case Format::text: break;
    case Format::count: break;
    case Format::number: return significant(number, column.digits, LastZeros::keep);
    case Format::fixed: return shown_fixed(number, column.digits);
    case Format::share:
    case Format::bar:
      if (column.digits == fitting_decimals) return shown_share(number);
      return std::isfinite(number) ? shown_fixed(100 * number, column.digits) + " %" : not_finite(number);
    case Format::factor:
    case Format::factor_bar: return shown_factor(number);
    case Format::deviation: return shown_deviation(number);
  }
  return count != nullptr ? shown_count(*count) : shown_number(number);
}

std::string readable(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t bytes = io::code_point_bytes(text);
    const std::string_view point = text.substr(0, std::max<std::size_t>(bytes, 1));
    if (point == "\t" || point == "\n" || point == "\r") {
      safe += ' ';
    } else if (bytes == 0 || is_control(code_point(point)) || turns_direction(code_point(point))) {
      safe += '?';
    } else {
      safe += point;
    }
    text.remove_prefix(point.size());
  }
  return safe;
}

std::string coordinate(double value) {
  std::string digits = without_last_zeros(fmt::format("{:.1f}", value));
  return digits == "-0" ? "0" : digits;
}

}  // namespace cardseg::report
