#include "cardseg/core/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cardseg::core {

TEST(NumberText, HasTheFewestDigitsThatReadBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(number_text(-0.0), "-0");
}

TEST(NumberText, IsEmptyWhereThereIsNoValue) { EXPECT_EQ(number_text(std::nan("")), ""); }

}  // namespace cardseg::core
