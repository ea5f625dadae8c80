#include "transactions/customer_order.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace cardseg::transactions {
namespace {

TEST(SortKey, OrdersNumbersByValue) {
  std::vector<std::string> ids = {"10", "9", "-3", "0", "9223372036854775807", "-9223372036854775808", "100"};

  std::ranges::sort(ids, {}, [](const std::string& id) { return sort_key(id, true); });

  EXPECT_THAT(ids, testing::ElementsAre("-9223372036854775808", "-3", "0", "9", "10", "100", "9223372036854775807"));
}

TEST(WholeNumber, IsWrittenAsAProgramWritesIt) {
  for (const char* id : {"0", "17", "-5", "9223372036854775807"}) EXPECT_TRUE(is_whole_number(id)) << id;
  for (const char* id : {"", "007", "+7", "7.0", " 7", "C7", "-0", "9223372036854775808"})
    EXPECT_FALSE(is_whole_number(id)) << id;
}

}  // namespace
}  // namespace cardseg::transactions
