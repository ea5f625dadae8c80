#include "io/fletcher32.hpp"

#include <gmock/gmock.h>

#include <random>
#include <vector>

namespace cardseg::io {
namespace {

// The definition, as HDF5 computes it: big-endian words, both sums folded after at most 360 of them.
std::uint32_t plain_fletcher32(const std::vector<std::byte>& bytes) {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  const auto fold = [](std::uint32_t sum) { return (sum & 0xFFFF) + (sum >> 16); };
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0; };
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    first = fold(first + (byte(i) << 8 | byte(i + 1)));
    second = fold(second + first);
  }
  return fold(second) << 16 | fold(first);
}

std::vector<std::byte> random_bytes(std::size_t count) {
  std::mt19937_64 random(count);
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

}  // namespace

TEST(Fletcher32, IsThatOfTheDefinitionForEveryLength) {
  for (std::size_t count : {0, 1, 2, 3, 719, 720, 721, 4094, 4095, 4096, 4097, 8191, 8192, 100000, 524288, 524289}) {
    const std::vector<std::byte> bytes = random_bytes(count);

    EXPECT_EQ(fletcher32(bytes), plain_fletcher32(bytes)) << count;
    if (count == 0) continue;
    const std::vector<std::byte> rest(bytes.begin() + 1, bytes.end());
    EXPECT_EQ(fletcher32(std::span(bytes).subspan(1)), plain_fletcher32(rest)) << count << ", at an odd address";
  }
}

TEST(Fletcher32, TellsZeroBytesFromSumsThatAreZeroModulo65535) {
  for (std::size_t count : {2, 4096, 65536, 131072}) {
    EXPECT_EQ(fletcher32(std::vector<std::byte>(count)), 0U);
    const std::vector<std::byte> ones(count, std::byte{0xFF});
    EXPECT_EQ(fletcher32(ones), plain_fletcher32(ones)) << count;
  }
}

TEST(Fletcher32, ChangesWithEveryFlippedBit) {
  const std::vector<std::byte> bytes = random_bytes(4099);
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::vector<std::byte> flipped = bytes;
    flipped[i] ^= std::byte{1} << (i % 8);

    EXPECT_NE(fletcher32(flipped), fletcher32(bytes)) << i;
  }
}

}  // namespace cardseg::io
