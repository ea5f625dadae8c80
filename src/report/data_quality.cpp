#include "report/data_quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/name_list.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/imputed.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/run_summary.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using profile::ColumnProfile;

const ColumnProfile* profile_of(const FitContent& content, const std::string& name) {
  const auto found =
      std::ranges::find(content.profile.columns, name, [](const auto& each) { return each.column.name; });
  return found == content.profile.columns.end() ? nullptr : &*found;
}

Value missing_share(const FitContent& content, const ColumnProfile* column) {
  if (column == nullptr) return std::string(nothing);
  const profile::Count& missing = column->is_category() ? column->categories[0].missing : column->numbers[0].missing;
  if (missing.is_withheld) return std::string(withheld);
  return share_of(missing, content.profile.customers[0]);
}

const char* part_of(const portfolio::FittedColumn& column) {
  switch (column.column.role) {
    case portfolio::Role::id: return "names customers";
    case portfolio::Role::feature: return column.column.is_value() ? "shapes segments, value" : "shapes segments";
    case portfolio::Role::value: return "value";
    case portfolio::Role::weight: return "weight";
    case portfolio::Role::profile: return "describes only";
    case portfolio::Role::unused: return "left out";
  }
  return "";
}

Table column_table(const FitContent& content) {
  Table table{"What each column is, what it lacks and what it brings", {}, {}, {}, "profile.csv (missing), model.json"};
  table.columns = {{"Column"},
                   {"Part"},
                   {"Kind"},
                   {"Missing", Format::share, fitting_decimals},
                   {"Filled in by"},
                   {"Weight", Format::number},
                   {"Share of the variance", Format::bar, fitting_decimals}};
  for (const portfolio::FittedColumn& column : content.model.columns) {
    const ColumnProfile* profile = profile_of(content, column.column.name);
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(portfolio::label_of(column.column));
    row.emplace_back(column.column.role == portfolio::Role::unused && !column.column.reason.empty()
                         ? fmt::format("left out: {}", column.column.reason)
                         : std::string(part_of(column)));
    row.emplace_back(name_of(column.column.kind));
    row.emplace_back(missing_share(content, profile));
    row.emplace_back(column.is_feature() && column.facts.missing > 0 ? replacement(column.column.settings.missing)
                                                                     : nothing);
    row.emplace_back(column.is_feature() ? Value(column.column.settings.weight) : Value());
    row.emplace_back(column.is_feature() && column.variance_share ? Value(column.variance_share->weighted) : Value());
  }
  return table;
}

std::string so_what(const FitContent& content) {
  std::vector<std::string> with_gaps;
  for (const portfolio::FittedColumn& column : content.model.columns)
    if (column.is_feature() && column.facts.missing > 0) with_gaps.push_back(portfolio::label_of(column.column));
  if (with_gaps.empty()) return "No column that shaped the segments lacks a value.";
  return fmt::format(
      "{} of {} lack values, which were filled in: {}.", counted(std::ssize(with_gaps), "column"),
      shown_count(std::ranges::count_if(content.model.columns, [](const auto& each) { return each.is_feature(); })),
      core::all_of(with_gaps));
}

}  // namespace

Document data_quality_chapter(const FitContent& content) {
  Document chapter;
  chapter.add(Heading{2, "Data quality"});
  chapter.add(Paragraph{so_what(content)});
  if (const portfolio::Population& population = content.model.population; !population.is_everybody())
    chapter.add(Paragraph{fmt::format(
        "A rule selects who is segmented, {}. The figures of this page are of these customers; the others are in no "
        "segment.",
        population_text(population, content.model.totals.all_customers() + population.not_segmented))});
  chapter.add(column_table(content));
  chapter.add(
      Note{"The mean squared distance between two customers is twice the total variance. A column with a large share "
           "of it shapes the segments most."});
  return chapter;
}

}  // namespace cardseg::report
