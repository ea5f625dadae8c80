#include "report/segment_chapter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/verdicts.hpp"

namespace cardseg::report {
namespace {

using profile::ColumnProfile;
using profile::Driver;
using profile::NumberProfile;

constexpr double least_effect = 0.2;      // below it nobody would notice a difference (Cohen 1988: "small")
constexpr std::size_t most_drivers = 10;  // bars of a segment
constexpr std::size_t most_strips = 8;
constexpr std::size_t most_levels = 10;
constexpr double most_times = 16;  // of ratios that bars tell from one another
constexpr double most_deviations = 3;
constexpr std::array<std::size_t, 5> strip_quantiles = {1, 2, 3, 4, 5};  // of profile::quantile_shares

// "3,950 EUR; all 979 EUR"
std::string means(const ColumnProfile& column, std::size_t group) {
  return fmt::format("{}; all {}", shown_amount(column.column, column.numbers[group].mean),
                     shown_amount(column.column, column.numbers[0].mean));
}

std::string shares(const ColumnProfile& column, std::size_t group, std::size_t level) {
  return fmt::format("{}; all {}", shown_share_of(column.categories[group].levels[level].share),
                     shown_share_of(column.categories[0].levels[level].share));
}

struct DriverBars {
  Bars ratios;
  Bars deviations;
};

DriverBars driver_bars(const FitContent& content, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  DriverBars bars;
  bars.ratios = {"Times the mean, or the share, of all customers",
                 {"Ratio", Format::factor},
                 {},
                 1.0,
                 Bars::Scale::logarithmic,
                 1 / most_times,
                 most_times,
                 "Mean or share",
                 "profile.csv (index)"};
  bars.deviations = {"Distance from the mean of all customers, in standard deviations",
                     {"Distance", Format::deviation},
                     {},
                     0.0,
                     Bars::Scale::linear,
                     -most_deviations,
                     most_deviations,
                     "Mean",
                     "profile.csv (effect)"};
  for (const Driver& driver : ranked_drivers(content.profile, segment)) {
    const ColumnProfile& column = content.profile.columns[driver.column];
    if (std::abs(driver.effect) < least_effect || bars.ratios.bars.size() + bars.deviations.bars.size() >= most_drivers)
      break;
    const std::string label = portfolio::label_of(column.column);
    if (driver.level >= 0) {
      const auto level = static_cast<std::size_t>(driver.level);
      bars.ratios.bars.push_back({level_label(column, level),
                                  number_of(column.categories[group].levels[level].index) / 100,
                                  shares(column, group, level)});
    } else if (const double ratio = ratio_of(column, segment); std::isfinite(ratio)) {
      bars.ratios.bars.push_back({label, ratio, means(column, group)});
    } else {
      bars.deviations.bars.push_back({label, driver.effect, means(column, group)});
    }
  }
  return bars;
}

Strips::Quantiles quantiles_of(const NumberProfile& numbers) {
  Strips::Quantiles quantiles;
  for (std::size_t q = 0; q < quantiles.size(); ++q) quantiles[q] = number_of(numbers.quantile[strip_quantiles[q]]);
  return quantiles;
}

Strips::Strip strip_of(const ColumnProfile& column, std::size_t group) {
  const NumberProfile& all = column.numbers[0];
  const NumberProfile& here = column.numbers[group];
  Strips::Strip strip;
  strip.label = portfolio::label_of(column.column);
  strip.own = quantiles_of(here);
  strip.all = quantiles_of(all);
  const double zeros = share_of(here.zeros, here.present);
  strip.zeros = std::isfinite(zeros) ? zeros : 0.0;
  strip.zero_share = here.zeros.is_withheld ? withheld : shown_share(zeros);
  strip.low = strip.zeros > 0 ? 0.0 : HUGE_VAL;
  strip.high = strip.zeros > 0 ? 0.0 : -HUGE_VAL;
  for (const Strips::Quantiles& each : {strip.own, strip.all})
    for (const double value : each)
      if (std::isfinite(value)) {
        strip.low = std::min(strip.low, value);
        strip.high = std::max(strip.high, value);
      }
  strip.low_text = shown_amount(column.column, strip.low);
  strip.high_text = shown_amount(column.column, strip.high);
  strip.own_median = shown_amount(column.column, here.quantile[profile::median]);
  strip.all_median = shown_amount(column.column, all.quantile[profile::median]);
  return strip;
}

Strips strips_of(const FitContent& content, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  Strips strips{
      "Where its customers lie: thin line 5 to 95 %, thick line 25 to 75 %, mark the median, dot zeros. Grey: "
      "the same of all customers",
      fmt::format("Segment {}", segment),
      "All",
      {},
      "profile.csv (q05 to q95)"};
  for (const Driver& driver : ranked_drivers(content.profile, segment)) {
    const ColumnProfile& column = content.profile.columns[driver.column];
    if (column.is_category() || column.column.kind == portfolio::Kind::flag || strips.strips.size() >= most_strips)
      continue;
    Strips::Strip strip = strip_of(column, group);
    if (strip.high > strip.low) strips.strips.push_back(std::move(strip));
  }
  return strips;
}

Table level_table(const FitContent& content, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  Table table{"Shares by level, the most different first", {}, {}, {}, "profile.csv (level_share)"};
  table.columns = {{"Level"},
                   {fmt::format("Segment {}", segment), Format::bar, fitting_decimals},
                   {"All customers", Format::bar, fitting_decimals},
                   {"Ratio", Format::factor}};
  struct Found {
    double effect;
    const ColumnProfile* column;
    std::size_t level;
  };
  std::vector<Found> found;
  for (const ColumnProfile& column : content.profile.columns) {
    if (!column.is_category()) continue;
    for (std::size_t l = 0; l < column.levels.size(); ++l) {
      const double effect = level_effect(column.categories[0].levels[l], column.categories[group].levels[l]);
      if (std::isfinite(effect)) found.push_back({std::abs(effect), &column, l});
    }
  }
  std::ranges::stable_sort(found, [](const Found& a, const Found& b) { return a.effect > b.effect; });
  for (std::size_t i = 0; i < std::min(found.size(), most_levels); ++i) {
    const ColumnProfile& column = *found[i].column;
    const profile::LevelProfile& here = column.categories[group].levels[found[i].level];
    table.rows.push_back({level_label(column, found[i].level), cell_of(here.share),
                          cell_of(column.categories[0].levels[found[i].level].share), number_of(here.index) / 100});
  }
  return table;
}

Table figures_table(const FitContent& content, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  Table table{fmt::format("Every column of numbers in segment {}, missing values left out", segment),
              {},
              {},
              {},
              "profile.csv"};
  table.columns = {{"Column"}};
  for (const char* heading : {"Mean", "All: mean", "5 %", "Median", "95 %"})
    table.columns.push_back({heading, Format::number});
  table.columns.push_back({"Zeros", Format::share, fitting_decimals});
  table.columns.push_back({"Missing", Format::share, fitting_decimals});
  table.columns.push_back({"Effect", Format::fixed, 2});
  for (const ColumnProfile* column : columns_by_separation(content.profile)) {
    if (column->is_category()) continue;
    const NumberProfile& here = column->numbers[group];
    const auto amount = [&](const profile::Figure& figure) { return shown_amount(column->column, figure); };
    table.rows.push_back({portfolio::label_of(column->column), amount(here.mean), amount(column->numbers[0].mean),
                          amount(here.quantile[1]), amount(here.quantile[profile::median]), amount(here.quantile[5]),
                          share_cell(here.zeros, here.present),
                          share_cell(here.missing, content.profile.customers[group]), cell_of(here.effect)});
  }
  return table;
}

std::string sentence(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text + ".";
}

Lights lights_of(const FitContent& content, const SegmentVerdict& verdict, int segment) {
  Lights lights{"How far it can be trusted",
                {{verdict.size, "Size", sentence(verdict.size_reason)},
                 {verdict.separation, "Separation", sentence(verdict.separation_reason)}}};
  if (const int nearest = content.evidence.separation.next[static_cast<std::size_t>(segment - 1)].segment; nearest > 0)
    lights.items.back().reason += fmt::format(" It borders on segment {} ({}).", nearest, content.name(nearest));
  return lights;
}

void add_segment(const FitContent& content, const SegmentVerdict& verdict, int segment, Document& chapter) {
  const auto at = static_cast<std::size_t>(segment - 1);
  chapter.add(Heading{3, content.name(segment), "segment-" + std::to_string(segment), segment});
  if (at < content.words.size()) chapter.add(Paragraph{content.words[at].paragraph});
  chapter.add(lights_of(content, verdict, segment));
  if (content.profile.customers[at + 1].is_withheld) return;
  const DriverBars bars = driver_bars(content, segment);
  if (!bars.ratios.bars.empty()) chapter.add(bars.ratios);
  if (!bars.deviations.bars.empty()) chapter.add(bars.deviations);
  if (bars.ratios.bars.empty() && bars.deviations.bars.empty())
    chapter.add(Paragraph{"In no column does it differ from the portfolio so much that anybody would notice."});
  if (const Strips strips = strips_of(content, segment); !strips.strips.empty()) chapter.add(strips);
  if (const Table levels = level_table(content, segment); !levels.rows.empty()) chapter.add(levels);
  if (const Table figures = figures_table(content, segment); !figures.rows.empty())
    chapter.add(Details{fmt::format("All figures of segment {}", segment), {{figures}}});
}

}  // namespace

Document segment_chapter(const FitContent& content) {
  Document chapter;
  chapter.add(Heading{2, "Each segment"});
  const std::vector<SegmentVerdict> all = verdicts(content);
  for (int segment = 1; segment <= content.shown_segments(); ++segment)
    add_segment(content, all[static_cast<std::size_t>(segment - 1)], segment, chapter);
  return chapter;
}

}  // namespace cardseg::report
