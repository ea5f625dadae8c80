#include "cardseg/portfolio/decimal_totals.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using core::StoredAs;
using support::local_part;
using support::world;
using testing::DoubleNear;
using testing::ElementsAre;

GroupTotals totals_of(const std::vector<double>& values, const std::vector<std::int32_t>& groups, StoredAs stored) {
  const std::vector<std::int32_t> mine = local_part(world(), groups);
  return total_decimals_by_group(world(), local_part(world(), values), {mine, 4}, stored);
}

}  // namespace

TEST(DecimalTotals, AddValuesByGroupAndCountGapsAsZero) {
  const double nan = std::numeric_limits<double>::quiet_NaN();

  const GroupTotals totals = totals_of({1.5, -2.0, nan, 1e6, 0.25}, {0, 1, 0, 2, 1}, StoredAs::float64);

  EXPECT_THAT(totals.by_group, ElementsAre(1.5, -1.75, DoubleNear(1e6, 1e-8), 0));
  EXPECT_EQ(totals.all, 999999.75);
}

TEST(DecimalTotals, KeepTheDecimalsOfTheirValues) {
  std::vector<double> cents(3000);
  std::vector<double> floats(3000);
  std::vector<double> quotients(3000);
  for (std::size_t i = 0; i < cents.size(); ++i) {
    cents[i] = (static_cast<double>(i) * 7919 + (i == 0 ? 17 : 0)) / 100;
    floats[i] = static_cast<double>(static_cast<float>(i % 100) / 10);
    quotients[i] = static_cast<double>(i) / 3;
  }
  const std::vector<std::int32_t> groups(3000, 0);

  EXPECT_EQ(totals_of(cents, groups, StoredAs::float64).by_group[0],
            356236215.17);                                                     // (7919 * 2999 * 3000 / 2 + 17) / 100
  EXPECT_EQ(totals_of(floats, groups, StoredAs::float32).by_group[0], 14850);  // 30 * 4950 / 10
  EXPECT_DOUBLE_EQ(totals_of(quotients, groups, StoredAs::float64).all, 1499500);
}

}  // namespace cardseg::portfolio
