#include "profile/value_buckets.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cardseg::profile {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::int64_t bucket_of(const ValueBuckets& buckets, double x) { return buckets.of(core::ordered_bits(x)); }

}  // namespace

TEST(ValueBuckets, KeepTheOrderOfValuesOnBothSidesOfZero) {
  const ValueBuckets buckets({-1e150, -5e-324, 5e-324, 1e150}, 64);
  const double rising[] = {-1e150, -1e100, -1.0, -1e-300, -5e-324, 0.0, 5e-324, 1e-10, 2.0, 1e100, 1e150};

  for (std::size_t i = 0; i + 1 < std::size(rising); ++i)
    EXPECT_LE(bucket_of(buckets, rising[i]), bucket_of(buckets, rising[i + 1])) << rising[i];
  EXPECT_EQ(bucket_of(buckets, -1e150), 0);
  EXPECT_EQ(bucket_of(buckets, 1e150), buckets.size() - 1);
  EXPECT_LE(buckets.size(), 64);
  EXPECT_EQ(bucket_of(buckets, -0.0), bucket_of(buckets, 0.0));
  EXPECT_LT(bucket_of(buckets, 0.0), bucket_of(buckets, 5e-324));
}

TEST(ValueBuckets, SpreadWhereTheValuesAreAndGiveSmallWholeNumbersOneEach) {
  const ValueBuckets buckets({18, -infinity, 18, 95}, 8192);

  EXPECT_GT(buckets.size(), 2048);
  for (double x = 18; x < 95; ++x) EXPECT_LT(bucket_of(buckets, x), bucket_of(buckets, x + 1));
}

TEST(ValueBuckets, SayWhichKeysTheyHold) {
  const ValueBuckets buckets({-3, -1, 2, 7}, 16);

  for (const double x : {-3.0, -2.5, -1.0, 0.0, 2.0, 3.3, 7.0}) {
    EXPECT_LE(buckets.low(bucket_of(buckets, x)), core::ordered_bits(x));
    EXPECT_GE(buckets.high(bucket_of(buckets, x)), core::ordered_bits(x));
  }
}

TEST(ValueBuckets, AreOneOfNoValueOrOfZerosAlone) {
  EXPECT_EQ(ValueBuckets({0, -infinity, infinity, 0}, 16).size(), 1);
  EXPECT_EQ(bucket_of(ValueBuckets({infinity, -infinity, infinity, -infinity}, 16), 0.0), 0);
}

}  // namespace cardseg::profile
