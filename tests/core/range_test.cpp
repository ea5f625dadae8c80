#include "cardseg/core/range.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(LocalRange, CoversEveryRowOnceInRankOrder) {
  for (int size : {1, 2, 3, 5, 8, 17})
    for (std::int64_t n : {0, 1, 2, 3, 7, 16, 100, 101}) {
      std::int64_t next = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Range range = local_range(rank, n, size);
        EXPECT_EQ(range.begin, next);
        EXPECT_LE(range.size(), n / size + 1);
        next = range.end;
      }
      EXPECT_EQ(next, n);
    }
}

TEST(LocalRange, DividesBillionsWithoutOverflow) {
  const std::int64_t n = 4'000'000'000'000;

  EXPECT_EQ(local_range(1023, n, 1024).end, n);
}

TEST(RowOwner, IsTheInverseOfLocalRange) {
  for (int size : {1, 2, 3, 5, 8, 17})
    for (std::int64_t n : {1, 2, 3, 7, 16, 100, 101})
      for (std::int64_t row = 0; row < n; ++row)
        EXPECT_TRUE(local_range(row_owner(row, n, size), n, size).contains(row))
            << row << " of " << n << " on " << size;
}

TEST(Intersection, OfDisjointRangesIsEmpty) {
  EXPECT_TRUE(intersection({0, 3}, {5, 9}).is_empty());
  EXPECT_EQ(intersection({0, 6}, {5, 9}), (Range{5, 6}));
}

}  // namespace cardseg::core
