// Figures of a profile as people read them: in the column's own units, and withheld ones as a mark.
#pragma once

#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"
#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// What stands where a figure is withheld.
inline constexpr const char* withheld = "*";

Value cell_of(const profile::Figure& figure);
Value cell_of(const profile::Count& count);

/// NaN of what is withheld.
double number_of(const profile::Figure& figure);
double number_of(const profile::Count& count);
double share_of(const profile::Count& part, const profile::Count& whole);

/// A share as a cell: the mark where either is withheld.
Value share_cell(const profile::Count& part, const profile::Count& whole);

/// "1,452 EUR", "37 %", "12 days"; "*" where it is withheld.
std::string shown_amount(const portfolio::Column& column, const profile::Figure& figure);
std::string shown_amount(const portfolio::Column& column, double value);
/// A share as such; "*" where it is withheld.
std::string shown_share_of(const profile::Figure& figure);

/// Values that are not negative, so that "four times as much" says something.
bool has_ratio(const profile::ColumnProfile& column);
/// The group's mean by the portfolio's; NaN where there is none.
double ratio_of(const profile::ColumnProfile& column, int group);

/// The first column that says what segments are worth; none: nullptr.
const profile::ColumnProfile* value_column(const profile::Profile& profile);

/// The columns of numbers that are to be compared, those that segments differ in most first.
std::vector<const profile::ColumnProfile*> columns_by_separation(const profile::Profile& profile);

/// "Job: student".
std::string level_label(const profile::ColumnProfile& column, std::size_t level);

}  // namespace cardseg::report
