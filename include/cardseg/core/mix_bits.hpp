// Spreads keys over all bits.
#pragma once

#include <cstdint>

namespace cardseg::core {

/// Pure. The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection, so different keys stay different. 0 stays
/// 0.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace cardseg::core
