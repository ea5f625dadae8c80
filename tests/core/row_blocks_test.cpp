#include "cardseg/core/row_blocks.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cardseg::core {

TEST(RowBlocks, CoverARangeInOrder) {
  std::vector<Range> blocks;

  for_each_block(
      {3, 10}, [&](Range block) { blocks.push_back(block); }, 3);

  EXPECT_EQ(blocks, (std::vector<Range>{{3, 6}, {6, 9}, {9, 10}}));
}

TEST(RowBlocks, OfNoRowsAreNone) {
  for_each_block({5, 5}, [](Range) { FAIL(); });
}

TEST(RowBlocks, AreAsManyOnEveryRank) {
  std::vector<Range> blocks;

  for_each_block_of(
      7, {10, 14}, [&](Range block) { blocks.push_back(block); }, 3);

  EXPECT_EQ(blocks, (std::vector<Range>{{10, 13}, {13, 14}, {14, 14}}));
}

}  // namespace cardseg::core
