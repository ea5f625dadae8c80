// Loops over rows in blocks, so that only so many are in memory.
#pragma once

#include <algorithm>
#include <cstdint>

#include "cardseg/core/range.hpp"

namespace cardseg::core {

/// Rows of a file that are read at a time where nothing asks for another number.
inline constexpr std::int64_t block_rows = 65536;

/// use(block) for the blocks of `rows` in their order, of `size` rows but for the last one.
template <class Use>
void for_each_block(const Range& rows, Use use, std::int64_t size = block_rows) {
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += size)
    use(Range{begin, std::min(begin + size, rows.end)});
}

/// The same as often as `most_rows` rows would take: the last blocks are empty where there are fewer. For collective
/// work, to which each rank comes as often as the others: `most_rows` is the most that a rank has.
template <class Use>
void for_each_block_of(std::int64_t most_rows, const Range& rows, Use use, std::int64_t size = block_rows) {
  for (std::int64_t begin = 0; begin < most_rows; begin += size)
    use(Range{std::min(rows.begin + begin, rows.end), std::min(rows.begin + begin + size, rows.end)});
}

}  // namespace cardseg::core
