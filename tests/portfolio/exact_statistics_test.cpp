#include "cardseg/portfolio/exact_statistics.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <limits>
#include <random>

#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using support::local_part;
using support::world;

double sum_on(const comm::Communicator& comm, const std::vector<double>& all) {
  const std::vector<double> mine = local_part(comm, all);
  return exact_sum(comm, static_cast<std::int64_t>(mine.size()), static_cast<std::int64_t>(all.size()),
                   [&](std::int64_t i) { return mine[static_cast<std::size_t>(i)]; });
}

std::vector<double> skewed(std::size_t count) {
  std::mt19937_64 random(11);
  std::lognormal_distribution<double> heavy(3, 3);
  std::vector<double> values(count);
  for (double& value : values) value = heavy(random) * (random() % 3 ? 1 : -1);
  return values;
}

}  // namespace

TEST(ExactSum, IsTheSameOnAllRankAndThreadCounts) {
  const std::vector<double> values = skewed(10007);
  const double alone = sum_on(comm::Communicator(), values);

  for (int threads : {1, 2, 3}) {
    omp_set_num_threads(threads);
    EXPECT_EQ(sum_on(world(), values), alone) << threads;
  }
  omp_set_num_threads(1);
}

TEST(ExactSum, DoesNotDependOnTheOrder) {
  std::vector<double> values = skewed(5000);
  const double before = sum_on(world(), values);

  std::ranges::reverse(values);

  EXPECT_EQ(sum_on(world(), values), before);
}

TEST(ExactSum, IsWithinTheGridOfALongDoubleSum) {
  const std::vector<double> values = skewed(20000);
  long double reference = 0;
  double largest = 0;
  for (double value : values) reference += value, largest = std::max(largest, std::abs(value));

  const double sum = sum_on(world(), values);

  EXPECT_LE(std::abs(static_cast<double>(sum - reference)), 20000 * largest * 0x1p-48);
}

TEST(ExactSum, OfNothingIsZero) { EXPECT_EQ(sum_on(world(), {}), 0.0); }

TEST(ExactSum, IsExactForWholeNumbers) {
  std::vector<double> values;
  for (int i = 1; i <= 4097; ++i) values.push_back(i);

  EXPECT_EQ(sum_on(world(), values), 4097.0 * 4098 / 2);
}

TEST(ExactSum, CancelsToZeroAtAnyMagnitude) {
  for (double magnitude : {1e-300, 1e-30, 1.0, 1e17, 1e149, 1e300})
    EXPECT_EQ(sum_on(world(), {magnitude, -magnitude, magnitude, -magnitude}), 0.0) << magnitude;
}

TEST(ExactSum, KeepsNineDigitsOfTheSmallestNormalValues) {
  for (double magnitude : {1e-300, 1e-305, std::numeric_limits<double>::min()})
    EXPECT_NEAR(sum_on(world(), {magnitude, magnitude, magnitude}) / magnitude, 3.0, 1e-9) << magnitude;
}

TEST(LocalExactSum, EmptiesItsNarrowSumBeforeItOverflows) {
  // A grid for 2^40 values has 2^40 quanta and lets 2^22 be added in 64 bits; here come more, all of the largest value.
  const core::FixedPoint grid = core::FixedPoint::for_values(0x0.ffffffffp0, std::int64_t{1} << 40);
  const std::int64_t count = 3 * grid.max_additions() + 1;
  omp_set_num_threads(1);

  const core::int128 sum = local_exact_sum(grid, count, [](std::int64_t) { return 0x0.ffffffffp0; });

  EXPECT_TRUE(sum == static_cast<core::int128>(grid.round(0x0.ffffffffp0)) * count);
  EXPECT_GT(static_cast<double>(sum), 0x1p63);
}

}  // namespace cardseg::portfolio
