// What segments are worth: the totals of the value columns.
#pragma once

#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"

namespace cardseg::segments {

/// A column that says what segments are worth, and its total in each; NaN where it is withheld.
struct ValueTotals {
  std::string column;
  std::vector<double> by_segment;
};

/// Pure. The totals of the profile's value columns, in the description's order.
std::vector<ValueTotals> value_totals(const profile::Profile& profile);

}  // namespace cardseg::segments
