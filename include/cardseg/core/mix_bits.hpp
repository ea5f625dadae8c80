// Spreads keys over all bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace cardseg::core {

/// Pure. The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection, so different keys stay different. 0 stays
/// 0.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// Pure. FNV-1a, spread by `mix_bits`: equal texts have equal numbers, others hardly ever.
constexpr std::uint64_t mix_text(std::string_view text) {
  std::uint64_t h = 1469598103934665603u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return mix_bits(h);
}

}  // namespace cardseg::core
