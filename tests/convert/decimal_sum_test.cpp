#include "convert/decimal_sum.hpp"

#include <gtest/gtest.h>

namespace cardseg::convert {
namespace {

std::string sum_of(std::initializer_list<std::string_view> numbers) {
  DecimalSum sum;
  for (const std::string_view number : numbers) sum.add(number);
  EXPECT_TRUE(sum.is_exact());
  return DecimalSum::text(sum.limbs());
}

}  // namespace

TEST(DecimalSum, IsExactWhereDoublesAreNot) {
  DecimalSum sum;
  for (int i = 0; i < 10; ++i) sum.add(1, 1);
  sum.add(-1, 0);

  EXPECT_EQ(DecimalSum::text(sum.limbs()), "0");

  sum.add(3'116'186'269, 2);
  EXPECT_EQ(DecimalSum::text(sum.limbs()), "31161862.69");
}

TEST(DecimalSum, AddsNumbersOfManySizes) {
  EXPECT_EQ(sum_of({"1e300", "-1e300", "0.1"}), "0.1");
  EXPECT_EQ(sum_of({"123456789012345678901234567890", "0.000000000000000000000001"}),
            "123456789012345678901234567890.000000000000000000000001");
  EXPECT_EQ(sum_of({"-1.5e3", "+.5", "2.E0"}), "-1497.5");
  EXPECT_EQ(sum_of({"-1", "0.25"}), "-0.75");
  EXPECT_EQ(sum_of({"1000000000", "-1"}), "999999999");
  EXPECT_EQ(sum_of({}), "0");
}

TEST(DecimalSum, SumsOfPartsAddUp) {
  DecimalSum first;
  DecimalSum second;
  for (int i = 0; i < 1000; ++i) (i % 3 == 0 ? first : second).add(-999'999'999'999'999'999 + i, 18);
  second.add("1e20");
  std::vector<std::int64_t> limbs = first.limbs();
  const std::vector<std::int64_t> others = second.limbs();
  for (std::size_t i = 0; i < limbs.size(); ++i) limbs[i] += others[i];

  EXPECT_EQ(DecimalSum::text(limbs), "99999999999999999000.0000000000005005");
}

TEST(DecimalSum, SaysWhereItIsNotExact) {
  DecimalSum sum;
  sum.add("1e-400");

  EXPECT_FALSE(sum.is_exact());
}

}  // namespace cardseg::convert
