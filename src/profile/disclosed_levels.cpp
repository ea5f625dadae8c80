#include "profile/disclosed_levels.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/encoder.hpp"
#include "profile/associations.hpp"

namespace cardseg::profile {
namespace {

using Counts = std::vector<std::int64_t>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<Counts> levels_of(const ColumnProfile& column) {
  std::vector<Counts> exact;
  for (const CategoryProfile& group : column.categories) {
    Counts& counts = exact.emplace_back();
    for (const LevelProfile& level : group.levels) counts.push_back(level.customers.customers);
    counts.push_back(group.missing.customers);
  }
  return exact;
}

std::vector<std::string> with_missing(std::vector<std::string> levels) {
  levels.emplace_back(portfolio::missing_level);
  return levels;
}

// The levels that are `as_one`, in one; the last of the others, missing ones, is left out where it `counts` not.
Counts taken_together(const Counts& counts, const std::vector<bool>& as_one, bool with_last) {
  Counts taken = {0};
  for (std::size_t l = 0; l < counts.size(); ++l) {
    if (as_one[l])
      taken[0] += counts[l];
    else if (with_last || l + 1 < counts.size())
      taken.push_back(counts[l]);
  }
  return taken;
}

bool any(const std::vector<bool>& mask) { return std::ranges::find(mask, true) != mask.end(); }

// The levels of which a cell of any of the rows is withheld; not of the rest, whose cells are never published.
std::vector<bool> withheld_anywhere(const DisclosedGroups& groups, const DisclosedLevels& disclosed) {
  std::vector<bool> withheld(disclosed.levels.size());
  for (std::size_t row = 0; row < disclosed.by_row.size(); ++row)
    for (std::size_t l = 0; l < withheld.size(); ++l)
      if (!groups.is_rest(row) && disclosed.by_row[row][l]) withheld[l] = true;
  return withheld;
}

// Of the published segments and, as one, the rest; withheld levels count as one. The last level, missing ones, counts
// where it is one of these, or `with_last`.
double squared_v_of(const DisclosedGroups& groups, const DisclosedLevels& disclosed, bool with_last) {
  const std::vector<bool> as_one = withheld_anywhere(groups, disclosed);
  const SuppressionTable table = make_table(groups, disclosed.exact);
  std::vector<Counts> rows;
  for (std::size_t row = 1; row < table.customers.size(); ++row)
    rows.push_back(taken_together(table.customers[row], as_one, with_last));
  return squared_cramers_v(rows);
}

void set_of_whole_table(const DisclosedGroups& groups, const DisclosedLevels& disclosed, ColumnProfile& column) {
  if (groups.has_rest || any(withheld_anywhere(groups, disclosed)))
    column.separation = {squared_v_of(groups, disclosed, false)};
}

void withhold_all(CategoryProfile& group) {
  for (Count* count : {&group.present, &group.missing, &group.imputed}) *count = {0, true};
  for (LevelProfile& level : group.levels) level = {{0, true}, {nan, true}, {nan, true}};
  group.effect = {nan, true};
  group.overlap = {nan, true};
}

void disclose_group(const DisclosedLevels& disclosed, std::size_t at, CategoryProfile& group) {
  const std::vector<bool>& here = disclosed.by_group[at];
  const std::vector<bool>& whole = disclosed.by_group[0];
  std::vector<bool> as_one = here;
  for (std::size_t l = 0; l < as_one.size(); ++l) as_one[l] = as_one[l] || whole[l];
  if (any(as_one)) {
    const Counts counts = taken_together(disclosed.exact[at], as_one, false);
    const Counts of_all = taken_together(disclosed.exact[0], as_one, false);
    group.effect = {at == 0 ? 0.0 : cramers_v_of_group(counts, of_all)};
    group.overlap = {overlap_of(counts, of_all)};
  }
  const bool is_imputed_a_part = group.imputed.customers != 0 && group.imputed.customers != group.missing.customers;
  if (here.back()) group.missing = group.present = {0, true};
  if (here.back() || is_imputed_a_part) group.imputed = {0, true};
  for (std::size_t l = 0; l < group.levels.size(); ++l) {
    LevelProfile& level = group.levels[l];
    if (here[l]) level.customers = {0, true};
    if (here[l] || here.back()) level.share = {nan, true};
    if (here[l] || here.back() || whole[l] || whole.back()) level.index = {nan, true};
  }
}

}  // namespace

DisclosedLevels disclose_levels(const DisclosedGroups& groups, std::vector<std::string> levels,
                                std::vector<Counts> exact, std::int64_t min_cell) {
  SuppressionTable table = make_table(groups, exact);
  table.last_choice = static_cast<int>(levels.size()) - 1;
  CellMask by_row = withheld_cells(table, min_cell);
  CellMask for_groups = by_group(groups, by_row);
  return {std::move(levels), std::move(exact), std::move(by_row), std::move(for_groups)};
}

DisclosedLevels disclose_levels(const DisclosedGroups& groups, const Crosstab& crosstab, std::int64_t min_cell) {
  const bool has_missing = !crosstab.levels.empty() && crosstab.levels.back() == portfolio::missing_level;
  std::vector<Counts> exact;
  for (const std::vector<Count>& row : crosstab.counts) {
    Counts& counts = exact.emplace_back();
    for (const Count& count : row) counts.push_back(count.customers);
    if (!has_missing) counts.push_back(0);
  }
  return disclose_levels(groups, has_missing ? crosstab.levels : with_missing(crosstab.levels), std::move(exact),
                         min_cell);
}

DisclosedLevels disclose_levels(const DisclosedGroups& groups, const ColumnProfile& column, std::int64_t min_cell) {
  return disclose_levels(groups, with_missing(column.levels), levels_of(column), min_cell);
}

CellMask coarsened(const DisclosedLevels& fine, const std::vector<std::string>& levels,
                   const std::vector<Counts>& exact) {
  const std::size_t groups = fine.exact.size();
  std::vector<std::vector<std::size_t>> parts(levels.size());
  std::vector<bool> is_named(fine.levels.size());
  for (std::size_t l = 0; l < levels.size(); ++l)
    for (std::size_t f = 0; f < fine.levels.size(); ++f)
      if (fine.levels[f] == levels[l]) {
        parts[l].push_back(f);
        is_named[f] = true;
      }
  for (std::size_t l = 0; l < levels.size(); ++l)
    for (std::size_t f = 0; levels[l] == portfolio::other_level && f < fine.levels.size(); ++f)
      if (!is_named[f]) parts[l].push_back(f);
  CellMask mask(groups, std::vector<bool>(levels.size()));
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t l = 0; l < levels.size(); ++l) {
      std::int64_t customers = 0;
      for (const std::size_t f : parts[l]) {
        customers += fine.exact[g][f];
        mask[g][l] = mask[g][l] || fine.by_group[g][f];
      }
      if (customers != exact[g][l]) return CellMask(groups, std::vector<bool>(levels.size(), true));
    }
  return mask;
}

void disclose(const DisclosedGroups& groups, const DisclosedLevels& disclosed, Crosstab& crosstab) {
  if (groups.has_rest || any(withheld_anywhere(groups, disclosed)))
    crosstab.cramers_v = {std::sqrt(squared_v_of(groups, disclosed, false))};
  for (std::size_t g = 0; g < crosstab.counts.size(); ++g)
    for (std::size_t l = 0; l < crosstab.counts[g].size(); ++l)
      if (disclosed.by_group[g][l]) crosstab.counts[g][l] = {0, true};
}

void disclose(const DisclosedGroups& groups, const DisclosedLevels& disclosed, ColumnProfile& column) {
  set_of_whole_table(groups, disclosed, column);
  for (std::size_t g = 0; g < column.categories.size(); ++g) {
    if (groups.is_withheld[g])
      withhold_all(column.categories[g]);
    else
      disclose_group(disclosed, g, column.categories[g]);
  }
}

}  // namespace cardseg::profile
