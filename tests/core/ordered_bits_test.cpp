#include "cardseg/core/ordered_bits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cardseg::core {

TEST(OrderedBits, HaveTheOrderOfTheDoublesAndLeadBack) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double rising[] = {-infinity, -1e300, -1.0, -5e-324, 0.0, 5e-324, 1.0, 1e300, infinity};

  for (std::size_t i = 0; i + 1 < std::size(rising); ++i)
    EXPECT_LT(ordered_bits(rising[i]), ordered_bits(rising[i + 1]));
  for (const double x : rising) EXPECT_EQ(from_ordered_bits(ordered_bits(x)), x);
}

TEST(OrderedBits, AreThoseOfZeroForEitherZero) {
  EXPECT_EQ(ordered_bits(-0.0), ordered_bits(0.0));
  EXPECT_FALSE(std::signbit(from_ordered_bits(ordered_bits(-0.0))));
}

}  // namespace cardseg::core
