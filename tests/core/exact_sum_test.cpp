#include "cardseg/core/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace cardseg::core {

TEST(FixedPoint, RoundsEveryValueIntoItsBits) {
  for (double magnitude : {1.0, 0.999999, 1e-30, 1e-200, 3.5e37, 1e150})
    for (std::int64_t count : {std::int64_t{1}, std::int64_t{8950}, std::int64_t{1} << 22, std::int64_t{1} << 40}) {
      const FixedPoint grid = FixedPoint::for_values(magnitude, count);

      EXPECT_LE(std::abs(grid.round(magnitude)), std::int64_t{1} << grid.bits());
      EXPECT_LE(std::abs(grid.round(-magnitude)), std::int64_t{1} << grid.bits());
    }
}

TEST(FixedPoint, KeepsFortyBitsOfTheLargestMagnitude) {
  const FixedPoint grid = FixedPoint::for_values(1.0, std::int64_t{1} << 40);

  EXPECT_LE(std::ldexp(1.0, -grid.shift()), 0x1p-39);
}

TEST(FixedPoint, HoldsTheLargestNarrowSumInSixtyFourBits) {
  const std::int64_t count = std::int64_t{1} << 22;
  const double magnitude = std::nextafter(1.0, 0.0);
  const FixedPoint grid = FixedPoint::for_values(magnitude, count);
  ASSERT_FALSE(grid.is_wide());

  const int128 sum = static_cast<int128>(grid.round(magnitude)) * count;

  EXPECT_LE(sum, int128{1} << 62);
  EXPECT_NEAR(grid.value(sum), static_cast<double>(count), 1e-5);
}

TEST(FixedPoint, TurnsWideWhereSixtyFourBitsWouldNotDo) {
  EXPECT_FALSE(FixedPoint::for_values(1.0, std::int64_t{1} << 22).is_wide());
  EXPECT_TRUE(FixedPoint::for_values(1.0, (std::int64_t{1} << 22) + 1).is_wide());
}

TEST(FixedPoint, LetsAThreadAddUpToItsLimit) {
  for (std::int64_t count : {std::int64_t{100}, std::int64_t{1} << 22, std::int64_t{1} << 30}) {
    const FixedPoint grid = FixedPoint::for_values(1.0, count);
    const int128 worst = (int128{1} << grid.bits()) * grid.max_additions();

    EXPECT_LE(worst, static_cast<int128>(std::numeric_limits<std::int64_t>::max()));
  }
}

TEST(FixedPoint, SumsTheSameInAnyOrder) {
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> heavy(0, 3);
  std::vector<double> values(10000);
  for (double& v : values) v = heavy(random);
  const FixedPoint grid =
      FixedPoint::for_values(*std::max_element(values.begin(), values.end()), static_cast<std::int64_t>(values.size()));
  const auto total = [&] {
    int128 sum = 0;
    for (double v : values) sum += grid.round(v);
    return sum;
  };

  const int128 before = total();
  std::shuffle(values.begin(), values.end(), random);

  EXPECT_TRUE(before == total());
}

TEST(Limbs, CarryNegativeAndHugeValues) {
  for (int shift : {0, 10, 43, 44, 45, 63, 64, 100, 105})
    for (int sign : {-1, 1}) {
      const int128 value = sign * ((int128{1} << shift) - 1);

      EXPECT_TRUE(from_limbs(to_limbs(value)) == value) << shift;
      EXPECT_GE(to_limbs(value).low, 0);
    }
}

TEST(Limbs, AddLimbByLimbOverTheMostRanks) {
  const int128 each = -((int128{1} << 80) + 12345);
  const Limbs limbs = to_limbs(each);
  const std::int64_t ranks = 1 << 19;

  const Limbs added{limbs.low * ranks, limbs.high * ranks};

  EXPECT_TRUE(from_limbs(added) == each * ranks);
}

TEST(ScaledDraw, StaysBelowTheTotalAndReachesItsEnds) {
  const int128 total = (int128{1} << 100) + 17;

  EXPECT_TRUE(scaled_draw(0, total) == 0);
  EXPECT_TRUE(scaled_draw(~std::uint64_t{0}, total) < total);
  EXPECT_TRUE(scaled_draw(std::uint64_t{1} << 63, total) == total / 2);
  EXPECT_TRUE(scaled_draw(~std::uint64_t{0}, 1) == 0);
}

}  // namespace cardseg::core
