// Sizes as people write them: 512M, 1.5G.
#pragma once

#include <cstdint>
#include <string>

namespace cardseg::cli {

/// The bytes that `text` says: a positive number, whole or with decimals, and K, M, G or T for powers of 1024, as Slurm
/// counts ("1.5G"); without a letter, bytes. Throws core::Error(usage) that names `option`.
std::int64_t parse_byte_size(const std::string& text, const std::string& option);

/// The same way round: the fewest M that hold `bytes`, as "700M".
std::string byte_size_above(std::int64_t bytes);

}  // namespace cardseg::cli
