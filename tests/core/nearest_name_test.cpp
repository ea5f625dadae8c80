#include "cardseg/core/nearest_name.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(NearestName, FindsATypingError) {
  EXPECT_EQ(nearest_name("segmnets", {"seed", "segments", "seeding"}), "segments");
  EXPECT_EQ(nearest_name("BALANCE", {"balance", "balance_frequency"}), "balance");
}

TEST(NearestName, SuggestsNothingFarOff) {
  EXPECT_EQ(nearest_name("zzzzzz", {"segments", "seed"}), "");
  EXPECT_EQ(did_you_mean("zzzzzz", {"segments"}), "");
  EXPECT_EQ(nearest_name("x", {"id", "k"}), "");
  EXPECT_EQ(nearest_name("bad", {"id"}), "");
}

}  // namespace cardseg::core
