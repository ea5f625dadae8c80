#include "report/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/name_list.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using portfolio::Family;
using profile::ColumnProfile;

constexpr double full_shade = 2.0;        // standard deviations at which the colour is strongest
constexpr std::size_t most_rows = 60;     // of the heat map
constexpr std::size_t most_levels = 3;    // of a category
constexpr std::size_t most_aligned = 15;  // rows of ratios

const char* heading_of(Family family) {
  switch (family) {
    case Family::demographic: return "Demographic";
    case Family::psychographic: return "Psychographic";
    case Family::behavioural: return "Behavioural";
    case Family::geographic: return "Geographic";
    case Family::none: return "Further columns";
  }
  return "";
}

void add_segment_columns(const FitContent& content, const Format format, Table& table) {
  for (int j = 1; j <= content.shown_segments(); ++j) {
    table.columns.push_back({"", format, 1});
    table.columns.back().mark = j;
  }
}

Cell effect_cell(const profile::Figure& effect) {
  const double value = number_of(effect);
  return {cell_of(effect), std::isfinite(value) ? value / full_shade : 0.0};
}

// The levels in which segments differ most, those first.
std::vector<std::size_t> telling_levels(const FitContent& content, const ColumnProfile& column) {
  std::vector<std::pair<double, std::size_t>> levels;
  for (std::size_t l = 0; l < column.levels.size(); ++l) {
    double most = 0.0;
    for (int j = 1; j <= content.shown_segments(); ++j) {
      const double effect =
          level_effect(column.categories[0].levels[l], column.categories[static_cast<std::size_t>(j)].levels[l]);
      if (std::isfinite(effect)) most = std::max(most, std::abs(effect));
    }
    if (most > 0) levels.emplace_back(most, l);
  }
  std::ranges::stable_sort(levels, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::size_t> telling;
  for (const auto& [most, l] : levels)
    if (telling.size() < most_levels) telling.push_back(l);
  return telling;
}

void add_rows(const FitContent& content, const ColumnProfile& column, Table& table) {
  const auto add = [&](const std::string& label, const auto& effect_of) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(label);
    for (int j = 1; j <= content.shown_segments(); ++j)
      row.push_back(effect_cell(effect_of(static_cast<std::size_t>(j))));
    row.emplace_back(cell_of(column.separation));
  };
  if (!column.is_category())
    return add(portfolio::label_of(column.column), [&](std::size_t group) { return column.numbers[group].effect; });
  for (const std::size_t l : telling_levels(content, column))
    add(level_label(column, l), [&](std::size_t group) -> profile::Figure {
      const profile::LevelProfile& here = column.categories[group].levels[l];
      if (here.share.is_withheld) return {std::nan(""), true};
      return {level_effect(column.categories[0].levels[l], here), false};
    });
}

// Families by their most telling column; columns that only describe come last.
Table heat_table(const FitContent& content) {
  Table table{
      "How far each segment lies from the portfolio, in standard deviations of all customers. Orange: above; "
      "blue: below; the stronger, the further",
      {{"Column"}},
      {},
      {},
      "profile.csv (effect)"};
  add_segment_columns(content, Format::fixed, table);
  table.columns.push_back({"Separation", Format::share, fitting_decimals});
  const std::vector<const ColumnProfile*> columns = columns_by_separation(content.profile);
  std::vector<std::pair<bool, Family>> groups;  // in the distance, family
  const auto group_of = [](const ColumnProfile* column) {
    return std::pair{column->is_in_distance, column->is_in_distance ? column->column.settings.family : Family::none};
  };
  for (const bool is_in_distance : {true, false})
    for (const ColumnProfile* column : columns)
      if (column->is_in_distance == is_in_distance && std::ranges::find(groups, group_of(column)) == groups.end())
        groups.push_back(group_of(column));
  for (const auto& group : groups) {
    const std::size_t first = table.rows.size();
    for (const ColumnProfile* column : columns)
      if (group_of(column) == group && table.rows.size() < most_rows) add_rows(content, *column, table);
    if (groups.size() > 1 && table.rows.size() > first)
      table.groups.push_back({first, group.first ? heading_of(group.second) : "Not in the distance: described only"});
  }
  return table;
}

Table aligned_table(const FitContent& content) {
  Table table{
      "The mean of each segment as a multiple of the mean of all customers. Bars to the right: more; to the "
      "left: less, on a scale of logarithms",
      {{"Column"}, {"All customers"}},
      {},
      {},
      "profile.csv (index)"};
  add_segment_columns(content, Format::factor_bar, table);
  for (const ColumnProfile* column : columns_by_separation(content.profile)) {
    if (!has_ratio(*column) || table.rows.size() >= most_aligned) continue;
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(portfolio::label_of(column->column));
    row.emplace_back(shown_amount(column->column, column->numbers[0].mean));
    for (int j = 1; j <= content.shown_segments(); ++j) {
      const profile::Figure& index = column->numbers[static_cast<std::size_t>(j)].index;
      row.emplace_back(index.is_withheld ? Value(std::string(withheld)) : Value(index.value / 100));
    }
  }
  return table;
}

std::string so_what(const FitContent& content) {
  std::vector<std::string> telling;
  for (const ColumnProfile* column : columns_by_separation(content.profile))
    if (column->is_in_distance && telling.size() < 3) telling.push_back(portfolio::label_of(column->column));
  if (telling.empty()) return "";
  return fmt::format(
      "Segments differ most in {}. Read a row to see who is high and who is low; read a column to see a "
      "segment's portrait.",
      core::all_of(telling));
}

}  // namespace

Document heat_map_chapter(const FitContent& content) {
  Document chapter;
  chapter.add(Heading{2, "What tells segments apart"});
  if (const std::string text = so_what(content); !text.empty()) chapter.add(Paragraph{text});
  const Table heat = heat_table(content);
  chapter.add(heat);
  chapter.add(
      Note{"Differences do not grow with the number of customers: 0.2 is small, 0.5 is to be seen, 0.8 is large "
           "(Cohen 1988). Separation is the share of a column's variance that lies between segments."});
  if (heat.rows.size() >= most_rows)
    chapter.add(Note{fmt::format("The {} rows that tell most are shown; profile.csv has every column.", most_rows)});
  const Table aligned = aligned_table(content);
  if (aligned.rows.empty()) return chapter;
  chapter.add(Heading{3, "The same columns in every segment"});
  chapter.add(aligned);
  return chapter;
}

}  // namespace cardseg::report
