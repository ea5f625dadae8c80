// The exact sum of decimal numbers, as integers: what the same query at the source of the numbers must give.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::convert {

/// Adds numbers of up to 18 digits in 128-bit integers, one for each number of decimals; longer ones and those with an
/// exponent in limbs of nine digits that reach from 10^-360 to 10^342. Sums of parts travel as limbs.
class DecimalSum {
 public:
  static constexpr std::size_t limb_count = 78;

  /// mantissa / 10^scale, |mantissa| < 10^18, scale <= 18. 10^20 of them fit.
  void add(std::int64_t mantissa, unsigned scale) { short_sums_[scale] += mantissa; }
  /// A finite number as `parse` reads it. Digits behind the 360th decimal make the sum inexact.
  void add(std::string_view plain);

  bool is_exact() const { return is_exact_; }
  /// limb i is worth 10^(9 i - 360); each is below 10^9 in magnitude, so that those of 10^9 ranks can be added.
  std::vector<std::int64_t> limbs() const;
  /// The decimal number that limbs, added up or not, stand for: "-12.05".
  static std::string text(std::span<const std::int64_t> limbs);

 private:
  void add_digit(int digit, std::int64_t power);

  std::array<core::int128, 19> short_sums_{};
  std::vector<std::int64_t> limbs_;  // of the long numbers; empty while there are none
  std::int64_t additions_ = 0;       // since the limbs were carried
  bool is_exact_ = true;
};

}  // namespace cardseg::convert
