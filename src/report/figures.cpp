#include "report/figures.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

using portfolio::Kind;
using profile::ColumnProfile;
using profile::Count;
using profile::Figure;

Value cell_of(const Figure& figure) {
  if (figure.is_withheld) return std::string(withheld);
  return figure.value;
}

Value cell_of(const Count& count) {
  if (count.is_withheld) return std::string(withheld);
  return count.customers;
}

double number_of(const Figure& figure) { return figure.is_withheld ? std::nan("") : figure.value; }

double number_of(const Count& count) { return count.is_withheld ? std::nan("") : static_cast<double>(count.customers); }

double share_of(const Count& part, const Count& whole) {
  return number_of(whole) > 0 ? number_of(part) / number_of(whole) : std::nan("");
}

Value share_cell(const Count& part, const Count& whole) {
  if (part.is_withheld || whole.is_withheld) return std::string(withheld);
  return share_of(part, whole);
}

std::string shown_amount(const portfolio::Column& column, double value) {
  const portfolio::ColumnWords& words = column.settings.words;
  if (!std::isfinite(value)) return nothing;
  if (words.shown_as == portfolio::ShownAs::percent || column.kind == Kind::flag) return shown_share(value);
  const std::string number = shown_number(value);
  if (words.shown_as == portfolio::ShownAs::days) return number + " days";
  return words.unit.empty() ? number : number + " " + words.unit;
}

std::string shown_amount(const portfolio::Column& column, const Figure& figure) {
  return figure.is_withheld ? withheld : shown_amount(column, figure.value);
}

std::string shown_share_of(const Figure& figure) { return figure.is_withheld ? withheld : shown_share(figure.value); }

bool has_ratio(const ColumnProfile& column) {
  if (column.is_category()) return false;
  const Kind kind = column.column.kind;
  if (kind == Kind::date || kind == Kind::ordinal) return false;
  return kind == Kind::flag || number_of(column.numbers[0].quantile[0]) >= 0;
}

double ratio_of(const ColumnProfile& column, int group) {
  if (!has_ratio(column)) return std::nan("");
  return number_of(column.numbers[static_cast<std::size_t>(group)].index) / 100;
}

const ColumnProfile* value_column(const profile::Profile& profile) {
  const ColumnProfile* first = nullptr;
  for (const ColumnProfile& column : profile.columns)
    if (column.column.is_value() && !column.is_category() &&
        (first == nullptr || column.column.value_number < first->column.value_number))
      first = &column;
  return first;
}

std::vector<const ColumnProfile*> columns_by_separation(const profile::Profile& profile) {
  std::vector<const ColumnProfile*> columns;
  for (const ColumnProfile& column : profile.columns)
    if (column.column.kind != Kind::date && column.column.kind != Kind::id) columns.push_back(&column);
  const auto separation = [](const ColumnProfile* column) {
    const double value = number_of(column->separation);
    return std::isfinite(value) ? value : -1.0;
  };
  std::ranges::stable_sort(columns, [&](const auto* a, const auto* b) { return separation(a) > separation(b); });
  return columns;
}

std::string level_label(const ColumnProfile& column, std::size_t level) {
  return portfolio::label_of(column.column) + ": " + column.levels[level];
}

}  // namespace cardseg::report
