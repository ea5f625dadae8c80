#include "cardseg/comm/placement.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "cardseg/core/error.hpp"

namespace cardseg::comm {

TEST(Placement, CountsCoresThatRanksShareOnce) {
  const std::vector<std::string> places = {"a 1 0 1", "a 1 0 1", "a 1 0 1"};

  const Placement placement = count_places(places);

  EXPECT_EQ(placement.machines, 1);
  EXPECT_EQ(placement.cores, 2);
  EXPECT_EQ(placement.threads, 3);
  EXPECT_TRUE(placement.is_crowded);
}

TEST(Placement, IsNotCrowdedWhereEachRankHasItsOwnCore) {
  const std::vector<std::string> places = {"a 1 0", "a 1 1", "b 1 0", "b 1 1"};

  const Placement placement = count_places(places);

  EXPECT_EQ(placement.machines, 2);
  EXPECT_EQ(placement.cores, 4);
  EXPECT_FALSE(placement.is_crowded);
}

TEST(Placement, IsCrowdedWhereOneMachineIs) {
  const std::vector<std::string> places = {"a 1 0 1 2 3", "b 2 0"};

  EXPECT_TRUE(count_places(places).is_crowded);
}

TEST(Placement, OfThisProcessHasACore) {
  const std::vector<std::string> places = {local_place(1)};

  EXPECT_EQ(count_places(places).machines, 1);
  EXPECT_GE(count_places(places).cores, 1);
  EXPECT_FALSE(count_places(places).is_crowded);
}

TEST(Placement, RefusesOtherTexts) {
  const std::vector<std::string> places = {"nonsense"};

  EXPECT_THROW(count_places(places), core::Error);
}

}  // namespace cardseg::comm
