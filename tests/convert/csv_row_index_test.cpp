#include "convert/csv_row_index.hpp"

#include <gtest/gtest.h>

namespace cardseg::convert {

TEST(CsvRowIndex, FindsARowAtOrBeforeEachRow) {
  for (std::int64_t rows : {1, 3, 4, 5, 8, 9, 100, 1000}) {
    CsvRowIndex index(4);
    for (std::int64_t row = 0; row < rows; ++row) index.add(7 * row);

    EXPECT_EQ(index.rows(), rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      const CsvRowIndex::Entry entry = index.find(row);
      EXPECT_EQ(entry.offset, 7 * (row - entry.skip)) << row << " of " << rows;
      EXPECT_LT(entry.skip, rows);
    }
  }
}

TEST(CsvRowIndex, IsExactWhileItIsNotFull) {
  CsvRowIndex index(4);
  for (std::int64_t row = 0; row < 4; ++row) index.add(row);

  EXPECT_EQ(index.find(3).skip, 0);
}

}  // namespace cardseg::convert
