#include "cardseg/core/fine_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cardseg::core {

TEST(FineGrid, KeepsTheDigitsOfValuesFarBelowTheLargest) {
  const FineGrid grid = FineGrid::for_values(1e6);

  EXPECT_NEAR(grid.value(grid.cut(0.01)), 0.01, 1e-12);
  EXPECT_EQ(grid.value(grid.cut(1e6)), 1e6);
  EXPECT_EQ(grid.value(grid.cut(-999999.99)), -999999.99);
}

TEST(FineGrid, HoldsSumsOfManyOfTheLargestValues) {
  const FineGrid grid = FineGrid::for_values(std::nextafter(8.0, 0.0));
  const int128 most = (int128{1} << 44) * grid.cut(std::nextafter(8.0, 0.0));

  EXPECT_LT(most, int128{1} << 105);
  EXPECT_EQ(from_limbs(to_limbs(-most)), -most);
  EXPECT_EQ(grid.value(most), std::nextafter(8.0, 0.0) * 0x1p44);
}

TEST(FineGrid, TakesZeroDenormalsAndTheLargestNumbers) {
  EXPECT_EQ(FineGrid::for_values(0.0).cut(0.0), 0);
  EXPECT_EQ(FineGrid::for_values(5e-324).cut(5e-324), 0);
  EXPECT_EQ(FineGrid::for_values(1e300).value(FineGrid::for_values(1e300).cut(-1e300)), -1e300);
}

}  // namespace cardseg::core
