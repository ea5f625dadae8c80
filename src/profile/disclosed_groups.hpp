// Which segments may be described, and the rows of tables that are made of what is known of groups.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/profile/cell_suppression.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

/// Rows of tables: the whole, the published segments in their order, and the rest, where there is any: the customers of
/// withheld segments and of none, of whom a reader knows the whole less the published segments.
struct DisclosedGroups {
  std::vector<bool> is_withheld;       ///< [group]; the whole is not
  std::vector<std::size_t> published;  ///< segments, from 1
  bool has_rest = false;

  std::size_t rows() const { return 1 + published.size() + (has_rest ? 1 : 0); }
  /// The group of a row but the rest's.
  std::size_t group_of(std::size_t row) const { return row == 0 ? 0 : published[row - 1]; }
  bool is_rest(std::size_t row) const { return row > published.size(); }
};

/// Pure. `customers`: [group], exact.
DisclosedGroups make_disclosed_groups(const std::vector<Count>& customers, std::int64_t min_cell);

/// Pure. A table with a line for each row, of lines for each group whose levels add up.
SuppressionTable make_table(const DisclosedGroups& groups, const std::vector<std::vector<std::int64_t>>& by_group);

/// Pure. The mask of such a table's rows for each group: all cells of withheld ones.
CellMask by_group(const DisclosedGroups& groups, const CellMask& by_row);

}  // namespace cardseg::profile
