#include "cardseg/portfolio/column_facts.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "cardseg/portfolio/column_tally.hpp"
#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using support::local_part;
using support::world;
using testing::IsNan;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Found {
  RawFacts raw;
  ColumnFacts facts;
};

Found facts_on(const comm::Communicator& comm, const std::vector<double>& all) {
  const std::vector<double> mine = local_part(comm, all);
  Found found{compute_raw_facts(comm, mine), {}};
  found.facts = compute_column_facts(comm, mine, found.raw);
  return found;
}

ColumnShift shift_on(const comm::Communicator& comm, const ColumnFacts& facts, const std::vector<double>& all) {
  ColumnTally tally(facts, std::ssize(all));
  const std::vector<double> mine = local_part(comm, all);
  const std::size_t half = mine.size() / 2;
  tally.add(std::span(mine).first(half));
  tally.add(std::span(mine).subspan(half));
  return tally.total(comm);
}

std::vector<double> skewed_with_gaps(std::size_t count) {
  std::mt19937_64 random(4);
  std::lognormal_distribution<double> heavy(3, 2);
  std::vector<double> values(count);
  for (double& value : values) value = random() % 7 ? heavy(random) : nan;
  return values;
}

void expect_range(double low, double high, std::int64_t present, double expected_low, double expected_high) {
  const ValueRange range = range_around(low, high, present);
  EXPECT_EQ(range.low, expected_low) << low << " to " << high;
  EXPECT_EQ(range.high, expected_high) << low << " to " << high;
}

}  // namespace

TEST(RangeAround, RoundsOutwardToTwoDigitsOfTheWidth) {
  constexpr std::int64_t many = 1'000'000'000;
  expect_range(18.4, 93.7, many, 18, 94);
  expect_range(-31.2, 12345.6, many, -1000, 13000);
  expect_range(0.0312, 0.0987, many, 0.031, 0.099);
  expect_range(1.7000123e9, 1.7023456e9, many, 1.7e9, 1.7024e9);
}

TEST(RangeAround, IsWiderOfFewCustomers) {
  expect_range(29, 50, 5, 23, 56);
  expect_range(0, 1, 2, -1, 2);
}

TEST(RangeAround, HoldsWhatItIsMadeFrom) {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> exponent(-140, 140);
  for (int i = 0; i < 20000; ++i) {
    const double low = std::pow(10.0, exponent(random)) * (random() % 2 ? 1 : -1);
    const double high = random() % 3 ? low + std::abs(low) * std::pow(2.0, -static_cast<double>(random() % 52)) : -low;
    const ValueRange range = range_around(std::min(low, high), std::max(low, high), 1'000'000'000);
    ASSERT_LE(range.low, std::min(low, high));
    ASSERT_GE(range.high, std::max(low, high));
  }
}

TEST(RangeAround, OfOneValueIsAboutIt) {
  expect_range(0, 0, 10, 0, 0);
  expect_range(123, 123, 10, 120, 130);
}

TEST(ColumnFacts, AreTheSameBitsOnAllRankCounts) {
  for (const std::size_t count : {2, 17, 3001}) {
    const std::vector<double> values = skewed_with_gaps(count);
    const Found alone = facts_on(comm::Communicator(), values);
    const Found together = facts_on(world(), values);

    EXPECT_EQ(together.facts.range.low, alone.facts.range.low);
    EXPECT_EQ(together.facts.range.high, alone.facts.range.high);
    EXPECT_EQ(together.facts.sd, alone.facts.sd);
    EXPECT_EQ(together.facts.mean, alone.facts.mean);
    EXPECT_EQ(together.facts.missing, alone.facts.missing);
    EXPECT_EQ(together.raw.median, alone.raw.median);
  }
}

TEST(ColumnFacts, LeaveOutGaps) {
  const Found found = facts_on(world(), {nan, 2, 4, nan, 4, 4, 5, 5, 7, 9});

  EXPECT_EQ(found.facts.present, 8);
  EXPECT_EQ(found.facts.missing_share(), 0.2);
  EXPECT_EQ(found.facts.mean, 5);
  EXPECT_EQ(found.facts.sd, 2);
  EXPECT_EQ(found.raw.sd, 2);
  EXPECT_EQ(found.raw.median, 4.5);
}

TEST(ColumnFacts, OfAColumnWithoutValuesAreNan) {
  const ColumnFacts facts = facts_on(world(), {nan, nan}).facts;

  EXPECT_EQ(facts.missing, 2);
  EXPECT_THAT(facts.range.low, IsNan());
  EXPECT_THAT(facts.sd, IsNan());
}

TEST(ColumnTally, FindsCustomersOfTheFitWhereTheyWere) {
  for (const std::size_t count : {2, 3, 5, 10, 33, 100, 999, 1001, 5000}) {
    const std::vector<double> values = skewed_with_gaps(count);
    const ColumnFacts facts = facts_on(world(), values).facts;

    const ColumnShift shift = shift_on(world(), facts, values);

    EXPECT_EQ(shift.present, facts.present);
    EXPECT_EQ(shift.missing, facts.missing);
    EXPECT_LE(shift.below + shift.above, facts.present > 1000 ? static_cast<std::int64_t>(count) / 500 : 0) << count;
    EXPECT_NEAR(shift.mean_shift, 0.0, 1e-6) << count;
  }
}

TEST(ColumnTally, CountsWhatLiesOutsideAndMovesTheMeanInStandardDeviations) {
  ColumnFacts facts{.present = 100, .missing = 0, .range = {0, 10}, .mean = 5, .sd = 2};

  const ColumnShift shift = shift_on(world(), facts, {-1, 0, 10, 11, 12, nan, 9, 9, 9, 3});

  EXPECT_EQ(shift.present, 9);
  EXPECT_EQ(shift.missing, 1);
  EXPECT_EQ(shift.below, 1);
  EXPECT_EQ(shift.above, 2);
  EXPECT_NEAR(shift.mean_shift, (62.0 / 9 - 5) / 2, 1e-6);
}

TEST(ColumnTally, IsTheSameBitsOnAllRankCountsAlsoOfValuesFarOff) {
  const ColumnFacts facts = facts_on(world(), skewed_with_gaps(300)).facts;
  std::vector<double> values = skewed_with_gaps(777);
  for (std::size_t i = 0; i < values.size(); i += 5) values[i] *= 1e120;

  const ColumnShift alone = shift_on(comm::Communicator(), facts, values);
  const ColumnShift together = shift_on(world(), facts, values);

  EXPECT_EQ(together.mean_shift, alone.mean_shift);
  EXPECT_EQ(together.above, alone.above);
  EXPECT_GT(alone.mean_shift, 1000);
}

TEST(ColumnTally, KnowsNoShiftOfTheMeanWhereTheModelKnowsNoDeviation) {
  ColumnFacts facts{.present = 100, .missing = 0, .range = {0, 10}, .mean = 5};

  EXPECT_EQ(shift_on(world(), facts, {100, 200, 300}).mean_shift, 0.0);
}

}  // namespace cardseg::portfolio
