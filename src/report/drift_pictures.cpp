#include "report/drift_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/nice_ticks.hpp"

namespace cardseg::report {
namespace {

constexpr double width = 640;
constexpr double left = 64;
constexpr double right = 632;
constexpr double top = 30;
constexpr double bottom = 200;
constexpr double height = 262;
constexpr std::size_t most_curves = 5;
constexpr double least_psi = 0.3;  // the scale of curves goes so far at least: thresholds are on it

constexpr const char* style =
    ".drift-then{fill:var(--core)}.drift-now{fill:var(--accent)}"
    ".drift-curve{fill:none;stroke:var(--accent);stroke-width:2}.drift-dot{fill:var(--accent)}"
    ".drift-limit{stroke:var(--soft);stroke-dasharray:5 4}";

// Where shares or other values stand, from 0 up.
struct Axis {
  std::vector<double> ticks;

  explicit Axis(double high) : ticks(nice_ticks(0.0, high)) {}
  double y(double value) const { return bottom - (bottom - top) * value / ticks.back(); }
  void draw(Svg& svg, bool are_shares) const {
    for (const double tick : ticks) {
      svg.shapes.push_back(svg_line("grid", {left, y(tick)}, {right, y(tick)}));
      svg.shapes.push_back(
          svg_text("label quiet", {left - 8, y(tick) + 5}, "end", are_shares ? shown_share(tick) : shown_number(tick)));
    }
  }
};

double shown(double share) { return std::isfinite(share) ? share : 0.0; }

struct Curve {
  std::string label;
  std::vector<double> values;  // by month, NaN: none

  double largest() const {
    double most = 0.0;
    for (const double value : values) most = std::max(most, shown(value));
    return most;
  }
};

// The columns that moved most, those first, behind the division into segments.
std::vector<Curve> curves_of(const DriftContent& content) {
  std::vector<Curve> columns;
  for (const monitor::ColumnDrift& column : content.drift.columns) {
    Curve& curve = columns.emplace_back(Curve{portfolio::label_of(column.column), {}});
    for (const monitor::EarlierMonth& month : content.history.months) {
      const auto found = month.psi.find(column.column.name);
      curve.values.push_back(found == month.psi.end() ? std::nan("") : found->second);
    }
    curve.values.push_back(column.psi);
  }
  std::ranges::stable_sort(columns, std::greater(), [](const Curve& curve) { return curve.largest(); });
  if (columns.size() > most_curves) columns.resize(most_curves);
  Curve mix{"Division into segments", {}};
  for (const monitor::EarlierMonth& month : content.history.months) mix.values.push_back(month.mix_psi);
  mix.values.push_back(content.drift.mix_psi);
  columns.insert(columns.begin(), std::move(mix));
  return columns;
}

}  // namespace

Picture then_and_now(const monitor::ColumnDrift& column) {
  double most = 0.0;
  for (const monitor::DriftBin& bin : column.bins) most = std::max({most, shown(bin.then), shown(bin.now)});
  Svg svg{width, height, style, {}};
  const Axis axis(most);
  axis.draw(svg, true);
  const double step = (right - left) / static_cast<double>(std::max<std::size_t>(1, column.bins.size()));
  for (std::size_t b = 0; b < column.bins.size(); ++b) {
    const double x = left + step * static_cast<double>(b);
    const auto bar = [&](const char* css_class, double from, double share) {
      svg.shapes.push_back(svg_rectangle(css_class, {x + from * step, axis.y(shown(share))}, 0.42 * step,
                                         std::max(0.5, bottom - axis.y(shown(share)))));
    };
    bar("drift-then", 0.06, column.bins[b].then);
    bar("drift-now", 0.50, column.bins[b].now);
  }
  if (!column.bins.empty()) {
    svg.shapes.push_back(svg_text("label quiet", {left, bottom + 20}, "start", column.bins.front().label));
    svg.shapes.push_back(svg_text("label quiet", {right, bottom + 20}, "end", column.bins.back().label));
  }
  svg.shapes.push_back(svg_rectangle("drift-then", {left, bottom + 36}, 14, 14));
  svg.shapes.push_back(svg_text("label", {left + 20, bottom + 48}, "start", "at the fit"));
  svg.shapes.push_back(svg_rectangle("drift-now", {left + 120, bottom + 36}, 14, 14));
  svg.shapes.push_back(svg_text("label", {left + 140, bottom + 48}, "start", "now"));
  const std::string label = portfolio::label_of(column.column);
  return {fmt::format("{}: shares of the customers in each bin of the fit", label),
          fmt::format("A pair of bars for each of {} bins of {}: its share of the customers at the fit and now. The "
                      "population stability index is {}.",
                      column.bins.size(), label, shown_number(column.psi)),
          svg, "drift.json"};
}

std::optional<Picture> psi_over_months(const DriftContent& content) {
  const std::size_t months = content.history.months.size() + 1;
  if (months < 2) return std::nullopt;
  const std::vector<Curve> curves = curves_of(content);
  double most = least_psi;
  for (const Curve& curve : curves) most = std::max(most, curve.largest());
  constexpr double row = 18;
  Svg svg{width, height + row * static_cast<double>(curves.size()), style, {}};
  const Axis axis(most);
  axis.draw(svg, false);
  const auto x = [&](std::size_t month) {
    return left + (right - left) * (static_cast<double>(month) + 0.5) / static_cast<double>(months);
  };
  for (const double limit : {content.watch.psi.amber, content.watch.psi.red})
    svg.shapes.push_back(svg_line("drift-limit", {left, axis.y(limit)}, {right, axis.y(limit)}));
  for (std::size_t c = 0; c < curves.size(); ++c) {
    std::vector<SvgPoint> points;
    for (std::size_t m = 0; m < months; ++m)
      if (std::isfinite(curves[c].values[m])) points.push_back({x(m), axis.y(curves[c].values[m])});
    if (points.empty()) continue;
    svg.shapes.push_back(svg_path("polyline", "drift-curve", points));
    for (const SvgPoint& point : points) svg.shapes.push_back(svg_circle("drift-dot", point, 3));
    svg.shapes.push_back(svg_text("label", {points.back().x + 6, points.back().y - 5}, "start", std::to_string(c + 1)));
    svg.shapes.push_back(svg_text("label", {left, bottom + 54 + row * static_cast<double>(c)}, "start",
                                  fmt::format("{}  {}", c + 1, curves[c].label)));
  }
  svg.shapes.push_back(svg_text("label quiet", {x(0), bottom + 22}, "start", content.history.months.front().name));
  svg.shapes.push_back(svg_text("label quiet", {right, bottom + 22}, "end", "now"));
  return Picture{"Population stability index, month by month; dashed: from where on it is amber, and red",
                 fmt::format("A curve for the division into segments and for each of the {} columns that moved most, "
                             "over {} months.",
                             curves.size() - 1, months),
                 svg, "drift.json of each month"};
}

}  // namespace cardseg::report
