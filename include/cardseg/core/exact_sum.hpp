// Sums over customers that do not depend on order: values are rounded to a fixed-point grid and added as integers.
//
// Precedents: AMBER's SPFP precision model (Le Grand, Goetz, Walker 2013) and OpenMM accumulate forces this way.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace cardseg::core {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/// The grid that the values of one column are rounded to before they are added: multiples of 2^-shift.
///
/// With M the largest magnitude and n the number of values, `for_values` picks B = clamp(62 - ceil(log2 n), 40, 50) and
/// the grid such that every rounded value v satisfies |v| <= 2^B. So
///   - a rounded value has at most half a quantum of error, and the quantum is at most 2^(1-B) M <= 2^-39 M
///     (no quantum is finer than 2^-1000: values of a column with M < 2^-950 keep fewer bits);
///   - when n <= 2^(62-B), i.e. n <= 2^22, |sum| <= 2^62 and one signed 64-bit integer holds the sum: no overflow;
///   - otherwise the sum is `is_wide`: |sum| <= n 2^40 < 2^104 for n < 2^64, which 128 bits hold, as do the two limbs
///     below; a thread may still add `max_additions()` values in 64 bits before it must empty them into 128.
class FixedPoint {
 public:
  FixedPoint() = default;

  /// `max_magnitude`: the global maximum of |x|, finite. `count`: the global number of values, >= 0.
  static FixedPoint for_values(double max_magnitude, std::int64_t count);

  /// The nearest grid point of x, ties to even, as a multiple of the quantum. Precondition: |x| <= max_magnitude.
  std::int64_t round(double x) const {
    // Adding 1.5 * 2^52 leaves the nearest integer in the low bits, for |x * factor| <= 2^51: one addition, no libm
    // call.
    constexpr double magic = 0x1.8p52;
    return std::bit_cast<std::int64_t>(x * factor_ + magic) - std::bit_cast<std::int64_t>(magic);
  }
  /// The value of a sum of rounded values, rounded once to double.
  double value(int128 sum) const;

  /// 2^shift() is the factor from values to integers.
  int shift() const { return shift_; }
  /// 2^shift() as a double: vector code multiplies by it and rounds to nearest even.
  double factor() const { return factor_; }
  /// The largest |round(x)| is 2^bits().
  int bits() const { return bits_; }
  /// True where a sum of all values may need more than 64 bits.
  bool is_wide() const { return is_wide_; }
  /// How many rounded values may be added into an int64 before it could overflow.
  std::int64_t max_additions() const { return std::int64_t{1} << (62 - bits_); }

 private:
  int shift_ = 0;
  int bits_ = 50;
  double factor_ = 1.0;
  bool is_wide_ = false;
};

/// The two limbs in which a 128-bit sum travels over 64-bit integer addition: value = high * 2^44 + low, 0 <= low <
/// 2^44. Limbs may be added over up to 2^19 ranks without overflow while the total stays below 2^106.
struct Limbs {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

Limbs to_limbs(int128 value);
/// The value of limbs, also of limbs that were added up. Inverse of `to_limbs`.
int128 from_limbs(const Limbs& limbs);

/// floor(u * total / 2^64) for 0 <= total < 2^106: a draw in [0, total) from 64 random bits.
int128 scaled_draw(std::uint64_t u, int128 total);

}  // namespace cardseg::core
