#include "report/crosstab_chapter.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/profile/profile_tables.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using profile::Count;
using profile::Crosstab;

constexpr std::size_t most_levels = 40;

// Shares of a level's customers, by segment: the rows of people who know the levels.
Table share_table(const FitContent& content, const Crosstab& crosstab) {
  const std::string label = portfolio::label_of(crosstab.column);
  Table table{fmt::format("Customers of each {}: their shares by segment", label),
              {{label}, {"Customers", Format::count}},
              {},
              {},
              profile::crosstab_file_name(crosstab.column.name)};
  for (int j = 1; j <= content.shown_segments(); ++j) {
    table.columns.push_back({"", Format::share, fitting_decimals});
    table.columns.back().mark = j;
  }
  for (std::size_t l = 0; l < std::min(crosstab.levels.size(), most_levels); ++l) {
    const Count& all = crosstab.counts[0][l];
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(crosstab.levels[l]);
    row.emplace_back(cell_of(all));
    for (int j = 1; j <= content.shown_segments(); ++j) {
      const Count& here = crosstab.counts[static_cast<std::size_t>(j)][l];
      const double share = share_of(here, all);
      const double usual =
          share_of(content.profile.customers[static_cast<std::size_t>(j)], content.profile.customers[0]);
      if (here.is_withheld || all.is_withheld)
        row.emplace_back(std::string(withheld));
      else
        row.emplace_back(share, std::isfinite(share - usual) ? 2 * (share - usual) : 0.0);
    }
  }
  return table;
}

Table count_table(const FitContent& content, const Crosstab& crosstab) {
  const std::string label = portfolio::label_of(crosstab.column);
  Table table{fmt::format("Customers by {} and segment", label),
              {{label}},
              {},
              {},
              profile::crosstab_file_name(crosstab.column.name)};
  for (int j = 1; j <= content.shown_segments(); ++j) {
    table.columns.push_back({"", Format::count});
    table.columns.back().mark = j;
  }
  for (std::size_t l = 0; l < std::min(crosstab.levels.size(), most_levels); ++l) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(crosstab.levels[l]);
    for (int j = 1; j <= content.shown_segments(); ++j)
      row.emplace_back(cell_of(crosstab.counts[static_cast<std::size_t>(j)][l]));
  }
  return table;
}

const char* strength(double cramers_v) {
  if (cramers_v >= 0.5) return "strongly";
  if (cramers_v >= 0.3) return "clearly";
  return cramers_v >= 0.1 ? "weakly" : "hardly at all";
}

}  // namespace

Document crosstab_chapter(const FitContent& content) {
  Document chapter;
  if (content.profile.crosstabs.empty()) return chapter;
  chapter.add(Heading{2, "Against what is known"});
  for (const Crosstab& crosstab : content.profile.crosstabs) {
    const std::string label = portfolio::label_of(crosstab.column);
    chapter.add(Heading{3, label});
    if (const double v = number_of(crosstab.cramers_v); std::isfinite(v))
      chapter.add(Paragraph{fmt::format("Segments and {} are {} related (Cramer's V {}: 0 not at all, 1 the same).",
                                        label, strength(v), shown_fixed(v, 2))});
    chapter.add(share_table(content, crosstab));
    if (crosstab.levels.size() > most_levels)
      chapter.add(
          Note{fmt::format("{} of {} levels are shown.", most_levels, shown_count(std::ssize(crosstab.levels)))});
    chapter.add(Details{fmt::format("Customers by {} and segment", label), {{count_table(content, crosstab)}}});
  }
  return chapter;
}

}  // namespace cardseg::report
