#include "cardseg/profile/disclosed_separation.hpp"

#include <gtest/gtest.h>

namespace cardseg::profile {

TEST(DisclosedSeparation, HasTheWholeAndEverySegment) {
  const DisclosedSeparation told = disclosed({{500, 300}, {100, 50}, {{0, 500}, {300, 0}}}, {10});

  EXPECT_EQ(told.near_border[0].customers, 150);
  EXPECT_EQ(told.near_border[2].customers, 50);
  EXPECT_EQ(told.next[0].segment, 2);
  EXPECT_EQ(told.next[0].customers.customers, 500);
}

TEST(DisclosedSeparation, WithholdsWhoIsNearWhereTheyAreFewAndWhatGivesThemAway) {
  const DisclosedSeparation told = disclosed({{500, 300, 400}, {100, 4, 60}, {}}, {10});

  EXPECT_TRUE(told.near_border[2].is_withheld);
  EXPECT_EQ(told.near_border[2].customers, 0);
  EXPECT_TRUE(told.near_border[0].is_withheld || told.near_border[1].is_withheld || told.near_border[3].is_withheld);
}

TEST(DisclosedSeparation, WithholdsWhereFewAreNotNear) {
  EXPECT_TRUE(disclosed({{500, 300, 400}, {100, 297, 60}, {}}, {10}).near_border[2].is_withheld);
}

TEST(DisclosedSeparation, SaysNothingOfSmallSegments) {
  const DisclosedSeparation told =
      disclosed({{500, 300, 4}, {100, 50, 4}, {{0, 500, 0}, {300, 0, 0}, {4, 0, 0}}}, {10});

  EXPECT_TRUE(told.near_border[3].is_withheld);
  EXPECT_EQ(told.next[2].segment, 0);
  EXPECT_EQ(told.next[0].segment, 2);
}

TEST(DisclosedSeparation, TellsOfNeighboursOfFewNothing) {
  const Separation exact{{100, 100, 100}, {0, 0, 0}, {{0, 95, 5}, {0, 0, 100}, {50, 50, 0}}};
  const DisclosedSeparation told = disclosed(exact, {10});

  EXPECT_EQ(told.next[0].segment, 2);
  EXPECT_TRUE(told.next[0].customers.is_withheld);
  EXPECT_EQ(told.next[1].customers.customers, 100);
  EXPECT_EQ(told.next[2].segment, 1);  // the first of equals
}

TEST(DisclosedSeparation, WithholdsNothingWhereNothingIsToBe) {
  const DisclosedSeparation told = disclosed({{5, 3}, {1, 0}, {{0, 5}, {3, 0}}}, {0});

  EXPECT_EQ(told.near_border[1].customers, 1);
  EXPECT_EQ(told.next[1].customers.customers, 3);
}

TEST(DisclosedSeparation, OfFewerThanTheLeastIsNothing) {
  const DisclosedSeparation told = disclosed({{5, 3}, {1, 0}, {{0, 5}, {3, 0}}}, {10});

  EXPECT_TRUE(told.near_border[0].is_withheld);
  EXPECT_EQ(told.next[0].segment, 0);
}

}  // namespace cardseg::profile
