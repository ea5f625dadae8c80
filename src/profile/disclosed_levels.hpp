// What may be published of columns of levels and of tables of them.
#pragma once

#include "profile/disclosed_groups.hpp"

namespace cardseg::profile {

/// Customers of a column by level, and which of these counts are withheld.
struct DisclosedLevels {
  std::vector<std::string> levels;               ///< "(missing)" the last, always
  std::vector<std::vector<std::int64_t>> exact;  ///< [group][level]
  CellMask by_row;                               ///< as DisclosedGroups has rows
  CellMask by_group;
};

/// Pure. Exact counts of levels, those without one the last.
DisclosedLevels disclose_levels(const DisclosedGroups& groups, std::vector<std::string> levels,
                                std::vector<std::vector<std::int64_t>> exact, std::int64_t min_cell);

/// Pure. Those of an exact crosstab, and of an exact column of categories.
DisclosedLevels disclose_levels(const DisclosedGroups& groups, const Crosstab& crosstab, std::int64_t min_cell);
DisclosedLevels disclose_levels(const DisclosedGroups& groups, const ColumnProfile& column, std::int64_t min_cell);

/// Pure. The same customers by other levels, each of which is one of `fine` or, "(other)", all that are not named: a
/// count is published where all that it is made of are; all are withheld where levels do not fit together so.
CellMask coarsened(const DisclosedLevels& fine, const std::vector<std::string>& levels,
                   const std::vector<std::vector<std::int64_t>>& exact);

/// Withholds what may not be published, given which counts are.
void disclose(const DisclosedGroups& groups, const DisclosedLevels& disclosed, Crosstab& crosstab);
void disclose(const DisclosedGroups& groups, const DisclosedLevels& disclosed, ColumnProfile& column);

}  // namespace cardseg::profile
