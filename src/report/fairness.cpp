#include "report/fairness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/portfolio/risk_column.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using profile::ColumnProfile;

constexpr double usual_ratio = 1.25;     // and its inverse: the four-fifths rule (29 CFR 1607.4 D)
constexpr std::size_t most_levels = 12;  // of a column

// Kept out of the distance, by the description or for its name, and of few levels or numbers.
bool is_excluded(const ColumnProfile& column) {
  return !column.is_in_distance && column.column.role == portfolio::Role::profile && !column.column.is_crossed &&
         !portfolio::is_risk(column.column);
}

double shade_of(double ratio) {
  return std::isfinite(ratio) && ratio > 0 ? std::clamp(std::log2(ratio) / 2, -1.0, 1.0) : 0.0;
}

// The farthest ratio from 1 that the rows hold.
struct Widest {
  double ratio = 1.0;
  int segment = 0;
  std::string what;

  void take(double found, int of_segment, const std::string& label) {
    if (!std::isfinite(found) || !(found > 0) || std::abs(std::log2(found)) <= std::abs(std::log2(ratio))) return;
    *this = {found, of_segment, label};
  }
};

void add_levels(const FitContent& content, const ColumnProfile& column, Table& table, Widest& widest) {
  for (std::size_t l = 0; l < std::min(column.levels.size(), most_levels); ++l) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(column.levels[l]);
    row.emplace_back(shown_share_of(column.categories[0].levels[l].share));
    for (int j = 1; j <= content.shown_segments(); ++j) {
      const profile::LevelProfile& here = column.categories[static_cast<std::size_t>(j)].levels[l];
      const double ratio = number_of(here.index) / 100;
      widest.take(ratio, j, level_label(column, l));
      row.emplace_back(here.share.is_withheld || here.index.is_withheld
                           ? std::string(withheld)
                           : fmt::format("{} ({})", shown_share(here.share.value), shown_factor(ratio)),
                       shade_of(ratio));
    }
  }
}

void add_mean(const FitContent& content, const ColumnProfile& column, Table& table, Widest& widest) {
  std::vector<Cell>& row = table.rows.emplace_back();
  row.emplace_back(column.column.kind == portfolio::Kind::flag ? "Share" : "Mean");
  row.emplace_back(shown_amount(column.column, column.numbers[0].mean));
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const profile::NumberProfile& here = column.numbers[static_cast<std::size_t>(j)];
    const double ratio = ratio_of(column, j);
    widest.take(ratio, j, portfolio::label_of(column.column));
    row.emplace_back(here.mean.is_withheld || !std::isfinite(ratio)
                         ? shown_amount(column.column, here.mean)
                         : fmt::format("{} ({})", shown_amount(column.column, here.mean.value), shown_factor(ratio)),
                     shade_of(ratio));
  }
}

}  // namespace

Document fairness_chapter(const FitContent& content) {
  Document chapter;
  Table table{"Shares or means by segment and, in brackets, as a multiple of the portfolio's (disparity ratio)",
              {{""}, {"All"}},
              {},
              {},
              "profile.csv (level_share, index)"};
  for (int j = 1; j <= content.shown_segments(); ++j) {
    table.columns.push_back({""});
    table.columns.back().mark = j;
  }
  Widest widest;
  for (const ColumnProfile& column : content.profile.columns) {
    if (!is_excluded(column)) continue;
    table.groups.push_back({table.rows.size(), portfolio::label_of(column.column)});
    if (column.is_category())
      add_levels(content, column, table, widest);
    else if (column.column.kind != portfolio::Kind::date)
      add_mean(content, column, table, widest);
    if (table.groups.back().first_row == table.rows.size()) table.groups.pop_back();
  }
  if (table.rows.empty()) return chapter;
  chapter.add(Heading{2, "Fairness"});
  chapter.add(
      Paragraph{"These columns did not shape the segments. Where they differ between segments all the same, other "
                "columns stand in "
                "for them: whoever treats segments differently treats these groups differently."});
  const bool is_wide = widest.ratio > usual_ratio || widest.ratio < 1 / usual_ratio;
  if (widest.segment > 0)
    chapter.add(Paragraph{
        is_wide ? fmt::format("The widest difference: {} in segment {}, {} of the portfolio.", widest.what,
                              widest.segment, shown_factor(widest.ratio))
                : fmt::format("No difference is wider than {} of the portfolio.", shown_factor(widest.ratio))});
  chapter.add(table);
  chapter.add(Note{fmt::format("Ratios above {} or below {} are commonly looked into (the four-fifths rule).",
                               shown_number(usual_ratio), shown_number(1 / usual_ratio))});
  return chapter;
}

}  // namespace cardseg::report
