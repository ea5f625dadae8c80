// Sizes as people write them: 512M, 1.5G.
#pragma once

#include <cstdint>
#include <string>

namespace cardseg::core {

/// The bytes that `text` says: a positive number, whole or with decimals, and K, M, G or T for powers of 1024, as Slurm
/// counts ("1.5G"); without a letter, bytes. Throws Error(usage) that names `subject`, as field("memory-limit") does.
std::int64_t parse_byte_size(const std::string& text, const std::string& subject);

/// What `parse_byte_size` reads back as these bytes, with the largest unit that has no decimals: "1536M".
std::string byte_size_text(std::int64_t bytes);
/// The fewest M that hold `bytes`, as "700M".
std::string byte_size_above(std::int64_t bytes);

/// For people, in millions of bytes: "12 MB", and with a decimal "12.3 MB".
std::string megabytes(std::int64_t bytes, int decimals = 0);

}  // namespace cardseg::core
