#include "cardseg/core/decimal_places.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cardseg/core/exact_integer.hpp"

namespace cardseg::core {
namespace {

constexpr std::array<double, most_decimal_places + 1> scales = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

// Whether the whole number of units next to value / unit is the decimal number that was stored. A quotient of two whole
// numbers below 2^53 is rounded once, as reading the decimal number is.
bool has_places(double value, StoredAs stored, int places) {
  const double scale = decimal_scale(places);
  const double units = std::nearbyint(value * scale);
  if (!(std::abs(units) < most_exact_integer)) return false;
  const double read = units / scale;
  return stored == StoredAs::float64 ? read == value : static_cast<float>(read) == static_cast<float>(value);
}

}  // namespace

int decimal_places(double value, StoredAs stored, int least) {
  int places = least;
  while (places <= most_decimal_places && !has_places(value, stored, places)) ++places;
  return places;
}

double decimal_scale(int places) { return scales[static_cast<std::size_t>(places)]; }

std::int64_t decimal_units(double value, int places) {
  return static_cast<std::int64_t>(std::nearbyint(value * decimal_scale(places)));
}

std::string decimal_text(int128 units, int places) {
  std::string digits;
  for (uint128 rest = units < 0 ? -static_cast<uint128>(units) : static_cast<uint128>(units); rest != 0; rest /= 10)
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  const auto decimals = static_cast<std::size_t>(places);
  if (digits.size() <= decimals) digits.append(decimals + 1 - digits.size(), '0');
  std::ranges::reverse(digits);
  if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
  return (units < 0 ? "-" : "") + digits;
}

}  // namespace cardseg::core
