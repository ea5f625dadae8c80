// Which cells of a table of customers are withheld, so that none of few customers can be computed from the others.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::profile {

/// Customers by group and level. Row 0 is the whole: each of its cells is the sum of those below it. Sums of rows are
/// known to whoever reads the table.
struct SuppressionTable {
  /// [row][level]. Every customer of a row is in one of its levels.
  std::vector<std::vector<std::int64_t>> customers = {};
  /// Rows of which no cell is published. What follows of them from the other rows is protected like what is published.
  std::vector<bool> is_unpublished_row = {};
  /// A level that is withheld after all others where there is a choice: many figures follow from it. -1: none.
  int last_choice = -1;
};

/// [row][level]: whether the cell is withheld.
using CellMask = std::vector<std::vector<bool>>;

/// Pure. The cells of 1 to `min_cell` - 1 customers, and as many others as it takes: of each cell of any customers that
/// is withheld, or follows from those that are published, the numbers that agree with everything published, none of
/// them negative, span at least `min_cell`. Cells of nobody are published. Others are chosen along the cheapest cycles
/// through the table, whose cost is the customers of the cells that they withhold, ties in the order of the table.
/// The interval of a cell is what flows allow in the network whose nodes are rows and levels (Cox, Network models for
/// complementary cell suppression, JASA 90, 1995).
/// Precondition: a row of which any cell has customers has `min_cell` or more of them. Cost: for each withheld cell a
/// few searches of the table.
CellMask withheld_cells(const SuppressionTable& table, std::int64_t min_cell);

}  // namespace cardseg::profile
