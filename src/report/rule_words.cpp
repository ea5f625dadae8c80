#include "report/rule_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cardseg/core/name_list.hpp"
#include "cardseg/core/number_text.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

using portfolio::FittedColumn;
using profile::Condition;

// With thousands separators before the decimal point.
std::string threshold_text(const portfolio::Column& column, double threshold) {
  const portfolio::ColumnWords& words = column.settings.words;
  if (words.shown_as == portfolio::ShownAs::percent) return core::number_text(100 * threshold) + " %";
  std::string text = core::number_text(threshold);
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  std::size_t end = std::min(text.find('.'), text.size());
  if (text.find('e') == std::string::npos)
    while (end > sign + 3) text.insert(end -= 3, ",");
  if (words.shown_as == portfolio::ShownAs::days) return text + " days";
  return words.unit.empty() ? text : text + " " + words.unit;
}

std::string ordinal_text(const Condition& condition, const portfolio::Column& column) {
  std::vector<std::string> levels;
  for (const portfolio::Level& level : column.levels.known)
    if ((level.value > condition.original) == condition.is_above) levels.push_back(level.name);
  return "is " + core::any_of(levels);
}

std::string share_text(const Condition& condition, const FittedColumn& column, int place) {
  const std::string level = portfolio::level_at(column, place);
  const std::string is = condition.is_above ? "is " : "is not ";
  if (level == portfolio::missing_level) return is + "missing";
  return is + (level == portfolio::other_level ? "another than those that are counted" : level);
}

std::string number_words(const Condition& condition, const portfolio::Column& column) {
  if (column.kind == portfolio::Kind::flag) return condition.is_above ? "is yes" : "is no";
  if (column.kind == portfolio::Kind::ordinal) return ordinal_text(condition, column);
  return (condition.is_above ? "above " : "up to ") + threshold_text(column, condition.original);
}

std::string condition_words(const Condition& condition, const FittedColumn& column, int place) {
  const bool is_share = portfolio::is_share(column.encoder, place);
  const std::string text = is_share ? share_text(condition, column, place) : number_words(condition, column.column);
  const bool says_missing = condition.takes_missing && !text.ends_with(" missing") && column.facts.missing > 0;
  return portfolio::label_of(column.column) + " " + text + (says_missing ? " (or missing)" : "");
}

}  // namespace

std::string rule_words(const profile::Rule& rule, const segments::Model& model) {
  std::vector<std::string> parts;
  for (const Condition& condition : rule.conditions)
    parts.push_back(condition_words(condition, model.column_of(condition.feature),
                                    condition.feature - model.layout.block_of(condition.feature).begin));
  return parts.empty() ? "everybody" : fmt::format("{}", fmt::join(parts, " and "));
}

}  // namespace cardseg::report
