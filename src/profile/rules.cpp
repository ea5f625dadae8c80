#include "cardseg/profile/rules.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string_view>

#include "cardseg/core/number_text.hpp"
#include "cardseg/io/csv_table.hpp"

namespace cardseg::profile {
namespace {

using portfolio::CategoryEncoder;
using portfolio::FittedColumn;

std::string quoted(const std::string& text) {
  std::string made = "\"";
  for (const char c : text) made += c == '"' ? std::string("\"\"") : std::string(1, c);
  return made + "\"";
}

// A column as a filter reads it: in quotes unless it is a word that means nothing else.
std::string column_text(const std::string& name) {
  static constexpr std::string_view keywords[] = {"and", "or", "not", "in", "is"};
  std::string lower = name;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool is_word = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c >= 0x80;
  });
  return is_word && std::ranges::find(keywords, lower) == std::end(keywords) ? name : quoted(name);
}

std::string level_text(const portfolio::Levels& levels, const std::string& level) {
  return levels.are_texts ? quoted(level) : level;
}

// The levels of a column that are chosen, as the list behind "in".
template <class Chosen>
std::string list_text(const portfolio::Levels& levels, Chosen is_chosen) {
  std::string list;
  for (const portfolio::Level& level : levels.known)
    if (is_chosen(level)) list += (list.empty() ? "" : ", ") + level_text(levels, level.name);
  return "(" + list + ")";
}

bool has_missing(const FittedColumn& column) { return column.facts.missing > 0 || column.column.levels.missing > 0; }

std::string share_text(const Condition& condition, const FittedColumn& column, int place) {
  const std::string name = column_text(column.column.name);
  const portfolio::Levels& levels = column.column.levels;
  const std::string level = portfolio::level_at(column, place);
  const auto* category = std::get_if<CategoryEncoder>(&column.encoder);
  if (category == nullptr || (place >= category->known && place == category->missing))
    return name + (condition.is_above ? " is missing" : " is not missing");
  if (place >= category->known)
    return name + (condition.is_above ? " not in " : " in ") + list_text(levels, [](const auto&) { return true; });
  return name + (condition.is_above ? " = " : " != ") + level_text(levels, level);
}

std::string number_condition(const Condition& condition, const FittedColumn& column) {
  const std::string name = column_text(column.column.name);
  if (column.column.kind == portfolio::Kind::ordinal)
    return name + " in " + list_text(column.column.levels, [&](const portfolio::Level& level) {
             return (level.value > condition.original) == condition.is_above;
           });
  return name + (condition.is_above ? " > " : " <= ") + core::number_text(condition.original);
}

std::string condition_text(const Condition& condition, const FittedColumn& column, int place) {
  const bool is_share = portfolio::is_share(column.encoder, place);
  std::string text = is_share ? share_text(condition, column, place) : number_condition(condition, column);
  if (text.ends_with(" missing") || !condition.takes_missing || !has_missing(column)) return text;
  return "(" + text + " or " + column_text(column.column.name) + " is missing)";
}

io::CsvValue csv_value(const Figure& figure) { return figure.is_withheld ? io::CsvValue() : figure.value; }
io::CsvValue csv_value(const Count& count) { return count.is_withheld ? io::CsvValue() : count.customers; }

}  // namespace

std::vector<Explained> Rules::explained() const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto number = [](const Figure& figure) { return figure.is_withheld ? none : figure.value; };
  std::vector<Explained> all;
  for (std::size_t j = 0; j < best.size(); ++j)
    all.push_back({trees.empty() ? none : number(trees.front().own_by_segment[j]),
                   best[j] ? number(best[j]->precision) : none, best[j] ? number(best[j]->recall) : none});
  return all;
}

std::string rule_text(const Rule& rule, const std::vector<FittedColumn>& columns,
                      const portfolio::FeatureLayout& layout) {
  std::string text;
  for (const Condition& condition : rule.conditions) {
    const portfolio::FeatureBlock& block = layout.block_of(condition.feature);
    text += (text.empty() ? "" : " and ") +
            condition_text(condition, columns[static_cast<std::size_t>(block.column)], condition.feature - block.begin);
  }
  return text;
}

std::string rules_csv(const Rules& rules, const std::vector<FittedColumn>& columns,
                      const portfolio::FeatureLayout& layout) {
  io::CsvWriter table({"segment", "kind", "rule", "customers", "precision", "recall", "lift"});
  const auto add = [&](const Rule& rule, const char* kind) {
    table.add_row({std::int64_t{rule.segment}, kind, rule_text(rule, columns, layout), csv_value(rule.customers),
                   csv_value(rule.precision), csv_value(rule.recall), csv_value(rule.lift)});
  };
  for (const std::optional<Rule>& rule : rules.best)
    if (rule) add(*rule, "rule");
  static constexpr const char* kinds[] = {"tree", "tree_2k", "tree_4k"};
  for (std::size_t t = 0; t < rules.trees.size(); ++t)
    for (const Rule& leaf : rules.trees[t].leaves) add(leaf, kinds[t]);
  return table.text();
}

}  // namespace cardseg::profile
