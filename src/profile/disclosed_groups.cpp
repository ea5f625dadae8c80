#include "profile/disclosed_groups.hpp"

namespace cardseg::profile {
namespace {

// What is hidden of groups: how many there are, and their customers.
struct Hidden {
  std::int64_t parts = 0;
  std::int64_t customers = 0;

  void add(std::int64_t more) {
    parts += more > 0 ? 1 : 0;
    customers += more;
  }
  // Of each part one customer at least is there, so `customers` - `parts` are in doubt.
  bool is_safe(std::int64_t min_cell) const { return parts == 0 || (parts > 1 && customers - parts >= min_cell); }
};

bool is_small(std::int64_t customers, std::int64_t min_cell) { return customers > 0 && customers < min_cell; }

}  // namespace

DisclosedGroups make_disclosed_groups(const std::vector<Count>& customers, std::int64_t min_cell) {
  DisclosedGroups groups;
  groups.is_withheld.resize(customers.size());
  std::int64_t of_none = customers[0].customers;
  for (std::size_t g = 1; g < customers.size(); ++g) of_none -= customers[g].customers;
  Hidden hidden;
  if (is_small(of_none, min_cell)) hidden.add(of_none);
  const auto withhold = [&](std::size_t group) {
    groups.is_withheld[group] = true;
    hidden.add(customers[group].customers);
  };
  for (std::size_t g = 1; g < customers.size(); ++g)
    if (is_small(customers[g].customers, min_cell)) withhold(g);
  while (!hidden.is_safe(min_cell)) {
    std::size_t least = 0;
    for (std::size_t g = 1; g < customers.size(); ++g)
      if (!groups.is_withheld[g] && customers[g].customers > 0 &&
          (least == 0 || customers[g].customers < customers[least].customers))
        least = g;
    if (least == 0) break;
    withhold(least);
  }
  groups.has_rest = of_none > 0;
  for (std::size_t g = 1; g < customers.size(); ++g) {
    if (!groups.is_withheld[g]) groups.published.push_back(g);
    groups.has_rest = groups.has_rest || groups.is_withheld[g];
  }
  return groups;
}

SuppressionTable make_table(const DisclosedGroups& groups, const std::vector<std::vector<std::int64_t>>& by_group) {
  SuppressionTable table;
  std::vector<std::int64_t> rest = by_group.front();
  for (std::size_t row = 0; row < groups.rows(); ++row) {
    if (groups.is_rest(row)) {
      table.customers.push_back(rest);
    } else {
      const std::vector<std::int64_t>& line = table.customers.emplace_back(by_group[groups.group_of(row)]);
      for (std::size_t l = 0; row > 0 && l < line.size(); ++l) rest[l] -= line[l];
    }
    table.is_unpublished_row.push_back(groups.is_rest(row));
  }
  return table;
}

CellMask by_group(const DisclosedGroups& groups, const CellMask& by_row) {
  CellMask mask(groups.is_withheld.size(), std::vector<bool>(by_row.front().size(), true));
  for (std::size_t row = 0; row < by_row.size(); ++row)
    if (!groups.is_rest(row)) mask[groups.group_of(row)] = by_row[row];
  return mask;
}

}  // namespace cardseg::profile
