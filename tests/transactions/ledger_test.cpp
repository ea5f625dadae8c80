#include "transactions/ledger.hpp"

#include <gmock/gmock.h>

namespace cardseg::transactions {
namespace {

TEST(Ledger, KeepsManyCustomersApart) {
  Ledger ledger;
  for (int round = 0; round < 3; ++round)
    for (int c = 0; c < 5000; ++c) ledger.add("customer " + std::to_string(c), {.day = 9 - round, .amount = c});

  ledger.sort();

  ASSERT_EQ(ledger.customers(), 5000u);
  for (int c = 0; c < 5000; ++c) {
    const auto number = static_cast<std::size_t>(c);
    EXPECT_EQ(ledger.id(number), "customer " + std::to_string(c));
    ASSERT_EQ(ledger.of(number).size(), 3u);
    EXPECT_EQ(ledger.of(number)[0].day, 7);
    EXPECT_EQ(ledger.of(number)[2].amount, c);
  }
}

TEST(Ledger, CountsATransactionThatCameTwiceOnce) {
  Ledger ledger;
  ledger.add("a", {.day = 2, .amount = 100, .id = 17});
  ledger.add("a", {.day = 1, .amount = 100, .id = 17});
  ledger.add("a", {.day = 1, .amount = 100, .id = 17});
  ledger.add("a", {.day = 1, .amount = 100});
  ledger.add("a", {.day = 1, .amount = 100});
  ledger.add("b", {.day = 1, .amount = 7, .id = 17});

  ledger.sort();

  EXPECT_EQ(ledger.of(0).size(), 3u);
  EXPECT_EQ(ledger.of(1).size(), 1u);
  EXPECT_EQ(ledger.duplicates(), (Tally{2, 200}));
  EXPECT_EQ(ledger.conflicts(), 1);
}

TEST(Ledger, KnowsCustomersWithoutTransactions) {
  Ledger ledger;
  ledger.add_known("a");
  ledger.add("b", {.day = 1, .amount = 7});

  ledger.sort();

  EXPECT_TRUE(ledger.is_known(0));
  EXPECT_TRUE(ledger.of(0).empty());
  EXPECT_FALSE(ledger.is_known(1));
}

}  // namespace
}  // namespace cardseg::transactions
