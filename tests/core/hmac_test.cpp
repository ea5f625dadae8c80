#include "cardseg/core/hmac.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

// RFC 4231, test cases 1 and 2.
TEST(Hmac, GivesThePublishedDigests) {
  EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hmac, MakesAFractionOfTheFirstDigits) {
  EXPECT_DOUBLE_EQ(hmac_fraction("Jefe", "what do ya want for nothing?"), 0x5bdcc146bf607p-52);
}

}  // namespace cardseg::core
