#include "cardseg/profile/cell_suppression.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace cardseg::profile {
namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

// The whole above segments' counts, none of them unpublished.
SuppressionTable table_of(Counts segments) {
  std::vector<std::int64_t> whole(segments.front().size());
  for (const auto& row : segments)
    for (std::size_t l = 0; l < row.size(); ++l) whole[l] += row[l];
  segments.insert(segments.begin(), whole);
  SuppressionTable table{segments};
  table.is_unpublished_row.resize(segments.size());
  return table;
}

// Every table of non-negative integers that agrees with what is published, by search: the least and the most of each
// cell.
class Intervals {
 public:
  Intervals(const SuppressionTable& table, const CellMask& mask)
      : table_(table), mask_(mask), now_(table.customers), least_(table.customers), most_(table.customers) {
    for (std::size_t r = 1; r < now_.size(); ++r)
      for (std::size_t l = 0; l < levels(); ++l)
        if (mask_[r][l]) now_[r][l] = 0;
    fill(1, 0, left_of(1));
  }

  std::int64_t width(std::size_t row, std::size_t level) const { return most_[row][level] - least_[row][level]; }

 private:
  std::size_t levels() const { return table_.customers.front().size(); }

  std::int64_t left_of(std::size_t row) const {
    std::int64_t left = 0;
    for (std::size_t l = 0; row < now_.size() && l < levels(); ++l)
      if (mask_[row][l]) left += table_.customers[row][l];
    return left;
  }

  void fill(std::size_t row, std::size_t level, std::int64_t left) {
    if (row == now_.size()) return look();
    if (level == levels()) {
      if (left == 0) fill(row + 1, 0, left_of(row + 1));
      return;
    }
    if (!mask_[row][level]) return fill(row, level + 1, left);
    for (std::int64_t customers = 0; customers <= left; ++customers) {
      now_[row][level] = customers;
      fill(row, level + 1, left - customers);
    }
    now_[row][level] = 0;
  }

  void look() {
    for (std::size_t l = 0; l < levels(); ++l) {
      now_[0][l] = 0;
      for (std::size_t r = 1; r < now_.size(); ++r) now_[0][l] += now_[r][l];
      if (!mask_[0][l] && now_[0][l] != table_.customers[0][l]) return;
    }
    for (std::size_t r = 0; r < now_.size(); ++r)
      for (std::size_t l = 0; l < levels(); ++l) {
        least_[r][l] = std::min(least_[r][l], now_[r][l]);
        most_[r][l] = std::max(most_[r][l], now_[r][l]);
      }
  }

  const SuppressionTable& table_;
  const CellMask& mask_;
  Counts now_;
  Counts least_;
  Counts most_;
};

std::int64_t withheld_in(const CellMask& mask) {
  std::int64_t cells = 0;
  for (const auto& row : mask) cells += std::ranges::count(row, true);
  return cells;
}

}  // namespace

TEST(CellSuppression, PublishesATableWithoutSmallCells) {
  const SuppressionTable table = table_of({{20, 0, 30}, {40, 11, 10}});

  EXPECT_EQ(withheld_in(withheld_cells(table, 10)), 0);
}

TEST(CellSuppression, WithholdsTheCheapestCycleThroughASmallCell) {
  const SuppressionTable table = table_of({{3, 200, 50}, {40, 100, 60}, {30, 300, 900}});

  const CellMask mask = withheld_cells(table, 10);

  const CellMask expected = {{false, false, false}, {true, false, true}, {true, false, true}, {false, false, false}};
  EXPECT_EQ(mask, expected);
}

TEST(CellSuppression, WithholdsTheWholesCellsWhereNoOtherSegmentHasCustomers) {
  const SuppressionTable table = table_of({{4, 96}, {0, 100}});

  EXPECT_EQ(withheld_cells(table, 10), (CellMask{{true, true}, {true, true}, {false, false}}));
}

TEST(CellSuppression, ChoosesTheLastChoiceLast) {
  SuppressionTable table = table_of({{3, 40, 50}, {30, 40, 50}});
  const CellMask by_customers = withheld_cells(table, 10);
  table.last_choice = 1;

  const CellMask mask = withheld_cells(table, 10);

  EXPECT_TRUE(by_customers[1][1]);
  EXPECT_FALSE(mask[1][1]);
  EXPECT_TRUE(mask[1][2]);
}

TEST(CellSuppression, ProtectsWhatFollowsOfARowThatIsNotPublished) {
  SuppressionTable table = table_of({{50, 50}, {4, 30}});
  table.is_unpublished_row[2] = true;

  const CellMask mask = withheld_cells(table, 10);

  EXPECT_TRUE(mask[1][0] || mask[0][0]);
  EXPECT_TRUE(mask[1][1] || mask[0][1]);
}

TEST(CellSuppression, LeavesNoNarrowIntervalInRandomTables) {
  constexpr std::int64_t min_cell = 4;
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> customers(0, 7);

  for (int trial = 0; trial < 150; ++trial) {
    Counts segments(2, std::vector<std::int64_t>(4));
    for (auto& row : segments) {
      for (auto& cell : row) cell = customers(random);
      row[0] += min_cell;  // a row of so few is no row
    }
    const SuppressionTable table = table_of(segments);

    const CellMask mask = withheld_cells(table, min_cell);
    const Intervals intervals(table, mask);

    for (std::size_t r = 0; r < mask.size(); ++r)
      for (std::size_t l = 0; l < mask[r].size(); ++l) {
        const std::int64_t count = table.customers[r][l];
        EXPECT_TRUE(mask[r][l] || count == 0 || count >= min_cell);
        if (mask[r][l]) {
          EXPECT_GE(intervals.width(r, l), min_cell) << "table " << trial << ", cell " << r << ", " << l;
          EXPECT_GT(count, 0);
        }
      }
  }
}

}  // namespace cardseg::profile
