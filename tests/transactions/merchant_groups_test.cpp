#include "cardseg/transactions/merchant_groups.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::transactions {
namespace {

TEST(Groups, HaveNumbersRangesAndWords) {
  const MerchantGroups groups = make_groups(
      {{"category.food", "5411, 5422-5499"}, {"category.air", "3000-3299, airline"}, {"channel.online", "web"}},
      "groups.ini");

  EXPECT_THAT(groups.categories.names(), testing::ElementsAre("food", "air"));
  EXPECT_EQ(groups.categories.group_of("5411"), 1);
  EXPECT_EQ(groups.categories.group_of("5499"), 1);
  EXPECT_EQ(groups.categories.group_of("5500"), 0);
  EXPECT_EQ(groups.categories.group_of("05411"), 1);
  EXPECT_EQ(groups.categories.group_of("3000"), 2);
  EXPECT_EQ(groups.categories.group_of("airline"), 2);
  EXPECT_EQ(groups.categories.group_of(""), 0);
  EXPECT_EQ(groups.channels.group_of("web"), 1);
}

TEST(Groups, ThatMeetAreRefused) {
  for (const char* words : {"5", "4-6", "1-2", "10", "0-99", "word"}) {
    const core::Error error = support::error_of([&] {
      make_groups({{"category.a", "2-5, 10, word"}, {"category.b", words}}, "groups.ini");
    });
    EXPECT_EQ(error.code(), core::ExitCode::config);
    EXPECT_THAT(error.what(), testing::HasSubstr("groups.ini"));
  }
}

}  // namespace
}  // namespace cardseg::transactions
