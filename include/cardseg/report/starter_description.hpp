// A description to begin with, from what columns are called and what their values look like.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/portfolio/column_portrait.hpp"

namespace cardseg::report {

/// Pure. An INI file with a section for each column that may be a feature: its family by the words of its name, its
/// transform by the tails of its values, its missing code where one stands out. Guesses are marked as such. Columns
/// that are left out stay so, each with its reason. No value in it is a customer's.
std::string starter_description(const std::vector<portfolio::ColumnPortrait>& columns, std::int64_t customers);

/// Pure. The family that a column's name suggests; none where it suggests nothing.
portfolio::Family guessed_family(const std::string& column);

/// Pure. The transform that the tails of a column's values suggest.
portfolio::Transform guessed_transform(const portfolio::ColumnPortrait& column);

}  // namespace cardseg::report
