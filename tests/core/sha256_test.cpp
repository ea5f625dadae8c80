#include "cardseg/core/sha256.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

// FIPS 180-4 example: the digest of "abc".
TEST(Sha256, GivesThePublishedDigest) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, IsTheSameInPieces) {
  Sha256 digest;
  digest.update("a", 1);
  digest.update("bc", 2);

  EXPECT_EQ(digest.hex(), sha256_hex("abc"));
}

}  // namespace cardseg::core
