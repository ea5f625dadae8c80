// What may be published of a column of numbers.
#pragma once

#include "profile/disclosed_groups.hpp"

namespace cardseg::profile {

/// Cells of a column of numbers, whose customers add up to those of the group.
enum NumberCell : std::size_t { missing_cell, zero_cell, other_cell, number_cells };

/// Pure. [group][NumberCell], exact.
std::vector<std::vector<std::int64_t>> number_cells_of(const std::vector<NumberProfile>& numbers);

/// Which counts of such a column are withheld.
struct NumberMask {
  CellMask cells;           ///< [group][NumberCell]
  bool is_crossed = false;  ///< there is a table of its values, whose counts tell mean and quantiles
  std::vector<bool> any;    ///< [group] any of these, also in that table
};

/// Pure. The mask of a column of which there is no such table.
NumberMask make_number_mask(CellMask cells);

/// Withholds what may not be published of the figures, given which counts are. Precondition: `column` is exact.
void disclose_numbers(const DisclosedGroups& groups, const std::vector<Count>& customers, const NumberMask& mask,
                      std::int64_t min_cell, ColumnProfile& column);

}  // namespace cardseg::profile
