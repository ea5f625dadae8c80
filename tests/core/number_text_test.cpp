#include "cardseg/core/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cardseg::core {

TEST(NumberText, HasTheFewestDigitsThatReadBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(number_text(-0.0), "-0");
}

TEST(NumberText, WidensAFloatToItsOwnDigits) {
  for (float value : {0.1f, 0.5732067f, 1e-40f, 3.4e38f, -2.5f, 0.0f})
    EXPECT_EQ(static_cast<float>(widened(value)), value);
  EXPECT_EQ(number_text(widened(0.1f)), "0.1");
  EXPECT_EQ(number_text(widened(0.5732067f)), "0.5732067");
}

TEST(NumberText, IsEmptyWhereThereIsNoValue) { EXPECT_EQ(number_text(std::nan("")), ""); }

}  // namespace cardseg::core
