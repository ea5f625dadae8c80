// Doubles as unsigned keys of the same order, for radix selection and bins of equal relative width.
#pragma once

#include <bit>
#include <cstdint>

namespace cardseg::core {

/// An unsigned key in the order of the doubles; -0 and 0 share a key. Keys of NaN are below those of -infinity or above
/// those of infinity, in their leading bits already.
inline std::uint64_t ordered_bits(double x) {
  constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  return bits ^ (static_cast<std::uint64_t>(-static_cast<std::int64_t>(bits >> 63)) | sign_bit);
}

/// The inverse.
inline double from_ordered_bits(std::uint64_t key) {
  constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
  return std::bit_cast<double>(key & sign_bit ? key & ~sign_bit : ~key);
}

}  // namespace cardseg::core
