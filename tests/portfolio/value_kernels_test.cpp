// The vector kernels of loading beside plain loops, for every instruction set of this processor, on awkward lengths.
#include "portfolio/value_kernels.hpp"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/zeroed_memory.hpp"

namespace cardseg::portfolio {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// work() for each of the instruction sets; the best is in use again afterwards.
template <class Work>
void for_every_target(Work work) {
  const std::int64_t all = hwy::SupportedTargets();
  for (std::int64_t target = all & -all; target != 0 && target <= all; target <<= 1) {
    if ((all & target) == 0) continue;
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    work();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

// Of many magnitudes; one in ten is missing where asked for.
std::vector<double> random_values(std::size_t count, bool has_missing) {
  std::mt19937_64 random(count + 1);
  std::lognormal_distribution<double> amount(2.0, 2.0);
  std::vector<double> values(count);
  for (double& value : values) {
    value = amount(random) - 5.0;
    if (has_missing && random() % 10 == 0) value = nan;
    if (random() % 10 == 0) value = 0.0;
  }
  return values;
}

TEST(ValueKernels, FindTheFactsOfAnyLengthAtEveryWidth) {
  for (const std::size_t count : {0, 1, 7, 8, 9, 33, 1000})
    for (const bool has_missing : {false, true}) {
      const std::vector<double> values = random_values(count, has_missing);
      LocalFacts expected;
      for (const double value : values) {
        ++(std::isnan(value) ? expected.missing : expected.present);
        if (value < expected.min) expected.min = value;
        if (value > expected.max) expected.max = value;
      }

      for_every_target([&] {
        const LocalFacts facts = facts_of_values(values);

        EXPECT_EQ(facts.present, expected.present);
        EXPECT_EQ(facts.missing, expected.missing);
        EXPECT_EQ(facts.min, expected.min);
        EXPECT_EQ(facts.max, expected.max);
      });
    }
}

TEST(ValueKernels, SeeInfinitiesAndNothingButMissingValues) {
  const std::vector<double> missing(50, nan);
  std::vector<double> infinite(50, 1.0);
  infinite[3] = std::numeric_limits<double>::infinity();
  infinite[49] = -infinite[3];

  for_every_target([&] {
    EXPECT_EQ(facts_of_values(missing).missing, 50);
    EXPECT_EQ(facts_of_values(missing).max_magnitude(), 0.0);
    EXPECT_EQ(facts_of_values(infinite).min, infinite[49]);
    EXPECT_EQ(facts_of_values(infinite).max, infinite[3]);
  });
}

TEST(ValueKernels, AddTheSameIntegersAsPlainLoops) {
  for (const std::size_t count : {0, 1, 7, 8, 9, 33, 4096}) {
    const std::vector<double> values = random_values(count, false);
    const core::FixedPoint grid = core::FixedPoint::for_values(0x1p40, 4096);
    const GridSteps steps{0.25, 0x1p3, grid.factor()};
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (const double value : values) {
      sum += grid.round(value * 0.25 * 0x1p3);
      squares += grid.round((value * 0.25 - 1.7) * (value * 0.25 - 1.7) * 0x1p3);
    }

    for_every_target([&] {
      EXPECT_EQ(sum_rounded(values, steps), sum);
      EXPECT_EQ(sum_rounded_squares(values, 1.7, steps), squares);
    });
  }
}

TEST(ValueKernels, AddMissingValuesAsZero) {
  const std::vector<double> values = {1.0, nan, 2.0, nan, nan, 4.0, nan, 8.0, nan, 16.0, nan};

  for_every_target([&] {
    EXPECT_EQ(sum_rounded(values, {1.0, 1.0, 2.0}), 62);
    EXPECT_EQ(sum_rounded_squares(values, 2.0, {1.0, 1.0, 1.0}), 1 + 0 + 4 + 36 + 196);
  });
}

TEST(ValueKernels, TakeWhatLiesBetweenInOrder) {
  for (const std::size_t count : {0, 1, 7, 8, 9, 33, 1000}) {
    const std::vector<double> values = random_values(count, true);
    std::vector<double> expected;
    std::int64_t zeros = 0;
    for (const double value : values) {
      if (value > 0.0 && value <= 3.0) expected.push_back(value);
      zeros += value == 0.0 ? 1 : 0;
    }

    for_every_target([&] {
      std::vector<double> out(count + spare_values);
      const Between found = take_between(values, 0.0, 3.0, out.data());
      out.resize(static_cast<std::size_t>(found.between));

      EXPECT_EQ(out, expected);
      EXPECT_EQ(found.equal, zeros);
    });
  }
}

template <class T>
void expect_tiles_of_scaled_values() {
  constexpr std::int64_t tiles = 5;
  constexpr std::int64_t tile_size = 48;
  const std::vector<double> values = random_values(16 * tiles, false);
  const Scaling scaling{1.1, 0.3, 1e18};

  for_every_target([&] {
    const core::ZeroedMemory memory(sizeof(T) * tiles * tile_size);
    T* features = static_cast<T*>(memory.data());
    const bool all_fit = encode_tiles(values, scaling, features + 16, tile_size);

    EXPECT_TRUE(all_fit);
    for (std::int64_t t = 0; t < tiles; ++t)
      for (std::int64_t i = 0; i < tile_size; ++i) {
        const bool is_here = i >= 16 && i < 32;
        const double x = is_here ? values[static_cast<std::size_t>(16 * t + i - 16)] : 0.0;
        ASSERT_EQ(features[t * tile_size + i], is_here ? static_cast<T>((x - 1.1) * 0.3) : T{0}) << t << ' ' << i;
      }
  });
}

TEST(ValueKernels, WriteTilesOfFloats) { expect_tiles_of_scaled_values<float>(); }

TEST(ValueKernels, WriteTilesOfDoubles) { expect_tiles_of_scaled_values<double>(); }

TEST(ValueKernels, SayWhereAFeatureIsTooLargeOrMissing) {
  const core::ZeroedMemory memory(sizeof(float) * 32);
  float* features = static_cast<float*>(memory.data());
  std::vector<double> large(32, 1.0);
  large[31] = -3.0;
  std::vector<double> missing(32, 1.0);
  missing[17] = nan;

  for_every_target([&] {
    EXPECT_TRUE(encode_tiles(large, {0.0, 1.0, 3.0}, features, 16));
    EXPECT_FALSE(encode_tiles(large, {0.0, 1.0, 2.9}, features, 16));
    EXPECT_FALSE(encode_tiles(missing, {0.0, 1.0, 3.0}, features, 16));
  });
}

}  // namespace
}  // namespace cardseg::portfolio
