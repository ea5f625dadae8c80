#include "cardseg/core/philox.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cardseg::core {

// Known answers of the Random123 distribution (kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, GivesThePublishedAnswerForZeros) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}), (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(Philox, GivesThePublishedAnswerForOnes) {
  EXPECT_EQ(philox4x32_10({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Philox, GivesThePublishedAnswerForDigitsOfPi) {
  EXPECT_EQ(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RowRandom, NeverRepeatsOverRowsDrawsRestartsAndPurposes) {
  std::set<std::uint64_t> seen;
  int asked = 0;
  for (Purpose purpose : {Purpose::seeding, Purpose::generator})
    for (std::uint32_t restart : {0u, 1u})
      for (std::int64_t row : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 32, (std::int64_t{1} << 48) - 1})
        for (std::uint32_t draw : {0u, 1u, 2u, 3u}) {
          seen.insert(RowRandom(7, purpose, restart).bits(row, draw));
          ++asked;
        }

  EXPECT_EQ(static_cast<int>(seen.size()), asked);
}

TEST(RowRandom, GivesTwoDrawsInOneBlock) {
  const RowRandom random(7, Purpose::generator);

  const PhiloxCounter block = random.block(11, 3);

  EXPECT_EQ(random.bits(11, 6), std::uint64_t{block[1]} << 32 | block[0]);
  EXPECT_EQ(random.bits(11, 7), std::uint64_t{block[3]} << 32 | block[2]);
}

TEST(RowRandom, IsUniformOnTheUnitInterval) {
  const RowRandom random(1, Purpose::sampling);
  double sum = 0;
  for (std::int64_t row = 0; row < 10000; ++row) {
    const double u = random.uniform(row);
    ASSERT_TRUE(0 <= u && u < 1);
    sum += u;
  }

  EXPECT_NEAR(sum / 10000, 0.5, 0.01);
}

}  // namespace cardseg::core
