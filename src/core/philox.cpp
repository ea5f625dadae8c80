#include "cardseg/core/philox.hpp"

namespace cardseg::core {
namespace {

constexpr std::uint32_t multiplier_0 = 0xD2511F53;
constexpr std::uint32_t multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9;
constexpr std::uint32_t weyl_1 = 0xBB67AE85;

}  // namespace

PhiloxCounter philox4x32_10(PhiloxCounter counter, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product_0 = std::uint64_t{multiplier_0} * counter[0];
    const std::uint64_t product_1 = std::uint64_t{multiplier_1} * counter[2];
    counter = {static_cast<std::uint32_t>(product_1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product_1),
               static_cast<std::uint32_t>(product_0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product_0)};
    key = {key[0] + weyl_0, key[1] + weyl_1};
  }
  return counter;
}

RowRandom::RowRandom(std::uint64_t seed, Purpose purpose, std::uint32_t restart)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      purpose_(static_cast<std::uint32_t>(purpose)),
      restart_(restart) {}

PhiloxCounter RowRandom::counter(std::int64_t row, std::uint32_t pair) const {
  const auto r = static_cast<std::uint64_t>(row);
  // row (48 bits), purpose (16), restart (32), pair of draws (32): one block gives two 64-bit numbers.
  return {static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(r >> 32) | purpose_ << 16, restart_, pair};
}

PhiloxCounter RowRandom::block(std::int64_t row, std::uint32_t pair) const {
  return philox4x32_10(counter(row, pair), key_);
}

std::uint64_t RowRandom::bits(std::int64_t row, std::uint32_t draw) const {
  const PhiloxCounter words = block(row, draw / 2);
  const std::size_t first = 2 * (draw % 2);
  return std::uint64_t{words[first + 1]} << 32 | words[first];
}

double RowRandom::uniform(std::int64_t row, std::uint32_t draw) const {
  return static_cast<double>(bits(row, draw) >> 11) * 0x1p-53;
}

}  // namespace cardseg::core
