// HDF5's checksum of a chunk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cardseg::io {

/// The checksum that HDF5 (since 1.6.3) stores behind a chunk: Fletcher's two sums modulo 65535 of big-endian 16-bit
/// words (a last odd byte is the upper half of one), the second sum in the upper half; 0xFFFF stands for a sum that is
/// 0 modulo
/// 65535 but not 0.
/// Cost: about one pass at the speed of the cache.
std::uint32_t fletcher32(std::span<const std::byte> bytes);

}  // namespace cardseg::io
