#include "report/value_chapter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/nice_ticks.hpp"

namespace cardseg::report {
namespace {

using profile::ColumnProfile;

constexpr double width = 640;
constexpr double height = 360;
constexpr double left = 84;
constexpr double top = 34;
constexpr double bottom = 306;
constexpr double right = 632;
constexpr double least_width_of_number = 16;  // of a bar, beneath which its number has no room

// A segment as a bar: as wide as its share of the customers, as high as the value of each.
struct ValueBar {
  int segment = 0;
  double share = 0.0;
  double per_customer = 0.0;
};

double per_customer(const FitContent& content, const ColumnProfile& value, int group) {
  const auto at = static_cast<std::size_t>(group);
  return number_of(value.numbers[at].total) / number_of(content.profile.customers[at]);
}

// The most valuable customers first.
std::vector<ValueBar> bars_of(const FitContent& content, const ColumnProfile& value) {
  std::vector<ValueBar> bars;
  for (int j = 1; j <= content.profile.segments; ++j) {
    const double share = share_of(content.profile.customers[static_cast<std::size_t>(j)], content.profile.customers[0]);
    const double each = per_customer(content, value, j);
    if (std::isfinite(share) && std::isfinite(each)) bars.push_back({j, share, each});
  }
  std::ranges::stable_sort(bars, [](const ValueBar& a, const ValueBar& b) { return a.per_customer > b.per_customer; });
  return bars;
}

Table size_table(const FitContent& content) {
  Table table{"Customers and value of each segment", {}, {}, {}, "segments.csv, profile.csv"};
  std::vector<const ColumnProfile*> values;
  for (const ColumnProfile& column : content.profile.columns)
    if (column.column.is_value() && !column.is_category()) values.push_back(&column);
  std::ranges::stable_sort(values, {}, [](const ColumnProfile* each) { return each->column.value_number; });
  table.columns = {{"Segment"}, {"Customers", Format::count}, {"Share of customers", Format::bar, fitting_decimals}};
  for (const ColumnProfile* value : values) {
    const std::string label = portfolio::label_of(value->column);
    table.columns.insert(table.columns.end(), {{label + ": total", Format::number},
                                               {"Share of it", Format::bar, fitting_decimals},
                                               {"Per customer", Format::number}});
  }
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const auto at = static_cast<std::size_t>(j);
    const profile::Count& customers = content.profile.customers[at];
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(content.name(j), 0.0, j);
    row.emplace_back(cell_of(customers));
    row.emplace_back(customers.is_withheld ? Value(std::string(withheld))
                                           : Value(share_of(customers, content.profile.customers[0])));
    for (const ColumnProfile* value : values) {
      const profile::NumberProfile& numbers = value->numbers[at];
      row.emplace_back(cell_of(numbers.total));
      row.emplace_back(cell_of(numbers.total_share));
      row.emplace_back(numbers.total.is_withheld ? Value(std::string(withheld))
                                                 : Value(per_customer(content, *value, j)));
    }
  }
  return table;
}

std::string description(const FitContent& content, const ColumnProfile& value, const std::vector<ValueBar>& bars) {
  const ValueBar& best = bars.front();
  return fmt::format(
      "A bar for each segment, as wide as its share of the customers and as high as their {} each. The "
      "highest is segment {}, with {} a customer; all customers have {}.",
      portfolio::label_of(value.column), best.segment, shown_amount(value.column, best.per_customer),
      shown_amount(value.column, per_customer(content, value, 0)));
}

Svg drawing(const FitContent& content, const ColumnProfile& value, const std::vector<ValueBar>& bars) {
  double low = 0.0;
  double high = 0.0;
  for (const ValueBar& bar : bars) {
    low = std::min(low, bar.per_customer);
    high = std::max(high, bar.per_customer);
  }
  const std::vector<double> ticks = nice_ticks(low, high);
  low = std::min(low, ticks.front());
  high = std::max(high, ticks.back());
  const auto y = [&](double amount) { return bottom - (bottom - top) * (amount - low) / (high - low); };
  Svg svg{width, height, "", {}};
  for (const double tick : ticks) {
    svg.shapes.push_back(svg_line("grid", {left, y(tick)}, {right, y(tick)}));
    svg.shapes.push_back(svg_text("label quiet", {left - 8, y(tick) + 5}, "end", shown_number(tick)));
  }
  double x = left;
  for (const ValueBar& bar : bars) {
    const double wide = bar.share * (right - left);
    const double from = y(std::max(bar.per_customer, 0.0));
    svg.shapes.push_back(svg_rectangle("bar-of-value", {x, from}, std::max(1.0, wide - 2),
                                       std::max(1.0, y(std::min(bar.per_customer, 0.0)) - from)));
    if (wide >= least_width_of_number)
      svg.shapes.push_back(svg_text("label strong", {x + wide / 2, from - 6}, "middle", std::to_string(bar.segment)));
    x += wide;
  }
  const double average = per_customer(content, value, 0);
  svg.shapes.push_back(svg_line("average", {left, y(average)}, {right, y(average)}));
  svg.shapes.push_back(svg_text("label", {right, y(average) - 6}, "end", "all: " + shown_number(average)));
  svg.shapes.push_back(svg_text("label quiet", {left, bottom + 22}, "start", "0 %"));
  svg.shapes.push_back(svg_text("label quiet", {right, bottom + 22}, "end", "100 %"));
  svg.shapes.push_back(svg_text("label quiet", {(left + right) / 2, bottom + 22}, "middle", "of the customers"));
  return svg;
}

// "Segment 4 is 12 % of the customers and 41 % of the revenue."
std::string so_what(const FitContent& content, const ColumnProfile& value) {
  int most = 0;
  double largest = 0.0;
  for (int j = 1; j <= content.profile.segments; ++j) {
    const double share = number_of(value.numbers[static_cast<std::size_t>(j)].total_share);
    if (share > largest) {
      largest = share;
      most = j;
    }
  }
  if (most == 0) return "";
  const double customers =
      share_of(content.profile.customers[static_cast<std::size_t>(most)], content.profile.customers[0]);
  return fmt::format("Segment {} ({}) has {} of the customers and brings {} of {}.", most, content.name(most),
                     shown_share(customers), shown_share(largest), portfolio::label_of(value.column));
}

}  // namespace

Document value_chapter(const FitContent& content) {
  Document chapter;
  const ColumnProfile* value = value_column(content.profile);
  const std::vector<ValueBar> bars = value == nullptr ? std::vector<ValueBar>{} : bars_of(content, *value);
  if (bars.empty()) {
    chapter.add(Heading{2, "Size"});
    chapter.add(size_table(content));
    chapter.add(Note{"No column says what customers are worth: value = COLUMN in the description would."});
    return chapter;
  }
  chapter.add(Heading{2, "Size against value"});
  if (const std::string text = so_what(content, *value); !text.empty()) chapter.add(Paragraph{text});
  const std::string label = portfolio::label_of(value->column);
  const std::string& unit = value->column.settings.words.unit;
  chapter.add(
      Picture{fmt::format("{} per customer{}, by segment: the width of a bar is its share of the customers, its "
                          "area what it brings",
                          label, unit.empty() ? "" : " in " + unit),
              description(content, *value, bars), drawing(content, *value, bars), "segments.csv"});
  chapter.add(Details{"The figures of this picture", {{size_table(content)}}});
  return chapter;
}

}  // namespace cardseg::report
