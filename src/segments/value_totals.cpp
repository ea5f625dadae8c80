#include "cardseg/segments/value_totals.hpp"

#include <map>
#include <ranges>

namespace cardseg::segments {

std::vector<ValueTotals> value_totals(const profile::Profile& profile) {
  std::map<int, ValueTotals> totals;
  for (const profile::ColumnProfile& column : profile.columns) {
    if (!column.column.is_value()) continue;
    ValueTotals& made = totals[column.column.value_number];
    made.column = column.column.name;
    for (const profile::NumberProfile& group : column.numbers | std::views::drop(1))
      made.by_segment.push_back(group.total.value);
  }
  const auto ordered = std::views::values(totals);
  return {ordered.begin(), ordered.end()};
}

}  // namespace cardseg::segments
