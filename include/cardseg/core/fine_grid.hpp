// The grid on which figures of single groups are added up: so fine that sums are as good as of doubles added without
// rounding.
#pragma once

#include <cstdint>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::core {

/// Multiples of 2^-s, s such that the largest magnitude M is below 2^61 of them: values are cut to 2^-60 of M, where
/// FixedPoint keeps 2^-39, and added in 128 bits. A sum of up to 2^44 values is below 2^106, which Limbs carry. (Values
/// of M < 2^-939 keep fewer bits.)
class FineGrid {
 public:
  FineGrid() = default;

  /// `max_magnitude`: the global maximum of |x|, finite.
  static FineGrid for_values(double max_magnitude);

  /// The multiple next to x, towards 0. Precondition: |x| <= max_magnitude.
  std::int64_t cut(double x) const { return static_cast<std::int64_t>(x * factor_); }
  /// The value of a sum, rounded once to double.
  double value(int128 sum) const;

 private:
  int shift_ = 0;
  double factor_ = 1.0;
};

}  // namespace cardseg::core
