#include "cardseg/core/share_text.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(ShareText, ReadsSharesAndPerCent) {
  EXPECT_EQ(share_in("0.1"), 0.1);
  EXPECT_EQ(share_in(" 10 % "), 0.1);
  EXPECT_EQ(share_in("0"), 0.0);
  EXPECT_EQ(share_in("100%"), 1.0);
}

TEST(ShareText, ReadsNothingElse) {
  for (const char* text : {"", "%", "1.5", "101%", "-0.1", "ten", "0.1x", "nan"}) EXPECT_FALSE(share_in(text)) << text;
}

}  // namespace cardseg::core
