#include "cardseg/core/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cardseg::core {
namespace {

constexpr int low_bits = 44;
constexpr int min_value_bits = 40;  // below this the rounding of a value could be noticed
constexpr int max_value_bits = 50;  // above this vector code could not round with the 1.5 * 2^52 trick
constexpr int max_shift = 1000;     // 2^shift must be a normal double

int ceil_log2(std::int64_t count) {
  return count <= 1 ? 0 : 64 - std::countl_zero(static_cast<std::uint64_t>(count - 1));
}

}  // namespace

FixedPoint FixedPoint::for_values(double max_magnitude, std::int64_t count) {
  FixedPoint grid;
  grid.bits_ = std::clamp(62 - ceil_log2(count), min_value_bits, max_value_bits);
  grid.is_wide_ = ceil_log2(count) + grid.bits_ > 62;
  // 2^(exponent-1) <= M < 2^exponent, so M 2^(bits - exponent) < 2^bits and rounding stays <= 2^bits.
  int exponent = 0;
  if (max_magnitude > 0) std::frexp(max_magnitude, &exponent);
  grid.shift_ = std::min(grid.bits_ - exponent, max_shift);
  grid.factor_ = std::ldexp(1.0, grid.shift_);
  return grid;
}

double FixedPoint::value(int128 sum) const { return std::ldexp(static_cast<double>(sum), -shift_); }

Limbs to_limbs(int128 value) {
  // An arithmetic shift rounds towards minus infinity, so the low limb is never negative.
  const auto high = static_cast<std::int64_t>(value >> low_bits);
  const auto low = static_cast<std::int64_t>(value - (static_cast<int128>(high) << low_bits));
  return {low, high};
}

int128 from_limbs(const Limbs& limbs) { return (static_cast<int128>(limbs.high) << low_bits) + limbs.low; }

int128 scaled_draw(std::uint64_t u, int128 total) {
  const auto high = static_cast<std::uint64_t>(total >> 64);
  const auto low = static_cast<std::uint64_t>(total);
  const uint128 low_part = (static_cast<uint128>(u) * low) >> 64;
  return static_cast<int128>(static_cast<uint128>(u) * high + low_part);
}

}  // namespace cardseg::core
