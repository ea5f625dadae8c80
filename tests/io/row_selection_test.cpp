#include "cardseg/io/row_selection.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/philox.hpp"
#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::io {
namespace {

using support::world;

// Every `step`-th row, and a run of 100 of them.
std::vector<std::uint8_t> pattern(std::int64_t rows, std::int64_t step) {
  std::vector<std::uint8_t> selected;
  for (std::int64_t row = 0; row < rows; ++row)
    selected.push_back(step > 0 && (row % step == step - 1 || (row >= 700 && row < 800)) ? 1 : 0);
  return selected;
}

void expect_as_naive(const RowSelection& selection, const std::vector<std::uint8_t>& selected) {
  ASSERT_EQ(selection.all_rows(), std::ssize(selected));
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < selection.all_rows(); ++row) {
    const bool is_selected = selected[static_cast<std::size_t>(row)] != 0;
    ASSERT_EQ(selection.contains(row), is_selected) << row;
    ASSERT_EQ(selection.count_before(row), count) << row;
    if (is_selected) {
      ASSERT_EQ(selection.row_at(count++), row);
    }
  }
  EXPECT_EQ(selection.rows(), count);
  EXPECT_EQ(selection.count_before(selection.all_rows()), count);
}

TEST(RowSelection, CountsAndFindsRowsAsALoopDoes) {
  for (const std::int64_t rows : {0, 1, 63, 64, 65, 511, 512, 513, 1500, 5000})
    for (const std::int64_t step : {0, 1, 2, 3, 64, 600}) {
      const std::vector<std::uint8_t> all = pattern(rows, step);

      const auto selection = gather_selection(world(), rows, support::local_part(world(), all));

      expect_as_naive(*selection, all);
    }
}

TEST(RowSelection, SpansTheRowsBetweenPlaces) {
  const RowSelection selection(130, {0x8000000000000001, 0, 0x6});

  EXPECT_EQ(selection.rows(), 3);  // 0, 63 and 129; there is no row 130
  EXPECT_EQ(selection.around({0, 2}), (core::Range{0, 64}));
  EXPECT_EQ(selection.around({1, 3}), (core::Range{63, 130}));
  EXPECT_TRUE(selection.around({2, 2}).is_empty());
}

}  // namespace
}  // namespace cardseg::io
