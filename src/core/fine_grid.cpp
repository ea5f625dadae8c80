#include "cardseg/core/fine_grid.hpp"

#include <algorithm>
#include <cmath>

namespace cardseg::core {

FineGrid FineGrid::for_values(double max_magnitude) {
  constexpr int bits = 61;
  constexpr int max_shift = 1000;  // 2^shift must be a normal double
  FineGrid grid;
  int exponent = 0;  // M < 2^exponent
  if (max_magnitude > 0) std::frexp(max_magnitude, &exponent);
  grid.shift_ = std::min(bits - exponent, max_shift);
  grid.factor_ = std::ldexp(1.0, grid.shift_);
  return grid;
}

double FineGrid::value(int128 sum) const { return std::ldexp(static_cast<double>(sum), -shift_); }

}  // namespace cardseg::core
