#include "cardseg/segments/value_totals.hpp"

#include <gmock/gmock.h>

namespace cardseg::segments {

TEST(ValueTotals, AreThoseOfTheProfileInTheDescriptionsOrder) {
  profile::Profile profile;
  for (const int number : {2, 0, 1}) {
    profile::ColumnProfile& column = profile.columns.emplace_back();
    column.column.name = "value" + std::to_string(number);
    column.column.value_number = number;
    for (const double total : {60.0, 10.0, 50.0}) column.numbers.emplace_back().total.value = total * number;
  }

  const std::vector<ValueTotals> totals = value_totals(profile);

  ASSERT_EQ(totals.size(), 2u);
  EXPECT_EQ(totals[0].column, "value1");
  EXPECT_THAT(totals[0].by_segment, testing::ElementsAre(10, 50));
  EXPECT_THAT(totals[1].by_segment, testing::ElementsAre(20, 100));
}

}  // namespace cardseg::segments
