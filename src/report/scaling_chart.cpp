#include "cardseg/report/scaling_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <vector>

#include "cardseg/report/numbers.hpp"
#include "cardseg/report/picture.hpp"

namespace cardseg::report {
namespace {

using scaling::ScalingForecast;
using scaling::ScalingKind;
using scaling::ScalingPoint;
using scaling::ScalingStudy;
using scaling::ScalingSummary;

constexpr double panel_width = 400;
constexpr double panel_height = 320;
constexpr double top = 60;
constexpr double most_efficiency = 1.2;
constexpr double octaves = 10;       // up to 1,024 ranks, and as many times as fast
constexpr double octaves_below = 2;  // a quarter as fast is shown, too

constexpr const char* style =
    ".scaling{fill:#fff}.scaling-text{font:13px system-ui,sans-serif;fill:#1c2733}"
    ".scaling-title{font:600 16px system-ui,sans-serif;fill:#1c2733}"
    ".scaling-note{font:12px system-ui,sans-serif;fill:#52606d}.grid{stroke:#dde3ea}"
    ".ideal{stroke:#6b7885;stroke-dasharray:6 4;fill:none}.model{stroke:#0067a8;fill:none;stroke-width:1.5}"
    ".band{fill:#0067a8;fill-opacity:.15}.range{stroke:#b3452f}"
    ".dot{fill:#b3452f;stroke:#b3452f;stroke-width:1.5}.hollow{fill:#fff}";

// One of the two pictures: where it is and how its values become places.
struct Panel {
  double left = 0.0;
  std::function<double(double)> height;  // of a value, as a share of the panel

  double x(double ranks) const { return left + panel_width * std::log2(ranks) / octaves; }
  double y(double value) const { return top + panel_height * (1 - std::clamp(height(value), 0.0, 1.0)); }
};

// What is shown of a number of ranks when an iteration takes so long.
using Measure = std::function<double(double iteration_s, double ranks)>;

Measure speedup_of(const ScalingStudy& study, double first_s) {
  const double fewest = study.points.front().ranks;
  const bool is_strong = study.options.kind == ScalingKind::strong;
  return [=](double iteration_s, double ranks) { return (is_strong ? fewest : ranks) * first_s / iteration_s; };
}

Measure per_rank(const Measure& speedup) {
  return [speedup](double iteration_s, double ranks) { return speedup(iteration_s, ranks) / ranks; };
}

using Shapes = std::vector<SvgShape>;

void append(Shapes& shapes, Shapes more) {
  shapes.insert(shapes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

SvgShape label(double x, double y, const char* anchor, const std::string& text, const char* of_class = "scaling-text") {
  return svg_text(of_class, {x, y}, anchor, text);
}

Shapes rank_axis(const Panel& panel) {
  Shapes shapes;
  for (int ranks = 1; ranks <= scaling::forecast_ranks; ranks *= 4) {
    shapes.push_back(svg_line("grid", {panel.x(ranks), top}, {panel.x(ranks), top + panel_height}));
    shapes.push_back(label(panel.x(ranks), top + panel_height + 18, "middle", shown_count(ranks)));
  }
  shapes.push_back(label(panel.left + panel_width / 2, top + panel_height + 38, "middle", "ranks"));
  return shapes;
}

Shapes value_axis(const Panel& panel, const std::vector<double>& marks) {
  Shapes shapes;
  for (double mark : marks) {
    shapes.push_back(svg_line("grid", {panel.left, panel.y(mark)}, {panel.left + panel_width, panel.y(mark)}));
    shapes.push_back(label(panel.left - 8, panel.y(mark) + 4, "end", shown_number(mark)));
  }
  return shapes;
}

Shapes model_curve(const ScalingStudy& study, const Panel& panel, const Measure& value) {
  std::vector<SvgPoint> curve;
  std::vector<SvgPoint> band;
  std::vector<SvgPoint> lower;
  for (const ScalingForecast& each : study.forecasts) {
    const auto place = [&](double s) { return SvgPoint{panel.x(each.ranks), panel.y(value(s, each.ranks))}; };
    if (!(each.low_s > 0)) continue;
    curve.push_back(place(each.iteration_s));
    band.push_back(place(each.low_s));
    lower.push_back(place(each.high_s));
  }
  band.insert(band.end(), lower.rbegin(), lower.rend());
  return {svg_path("polygon", "band", band), svg_path("polyline", "model", curve)};
}

Shapes measured(const ScalingStudy& study, const Panel& panel, const Measure& value) {
  Shapes shapes;
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    const ScalingPoint& point = study.points[i];
    const ScalingSummary& summary = study.summaries[i];
    const auto place = [&](double s) { return SvgPoint{panel.x(point.ranks), panel.y(value(s, point.ranks))}; };
    shapes.push_back(svg_line("range", place(summary.min_s), place(summary.max_s)));
    shapes.push_back(svg_circle(point.placement.is_crowded ? "dot hollow" : "dot", place(summary.median_s), 4));
  }
  return shapes;
}

Shapes speedup_panel(const ScalingStudy& study, const Measure& value, const Measure& model_value) {
  const Panel panel{60, [](double speedup) {
                      return (octaves_below + std::log2(std::max(speedup, 1e-9))) / (octaves_below + octaves);
                    }};
  Shapes shapes = rank_axis(panel);
  append(shapes, value_axis(panel, {0.25, 1, 4, 16, 64, 256, 1024}));
  const char* name = study.options.kind == ScalingKind::strong ? "speed-up" : "scaled speed-up";
  shapes.push_back(label(panel.left, top - 12, "start", name));
  shapes.push_back(svg_line("ideal", {panel.x(1), panel.y(1)}, {panel.x(1024), panel.y(1024)}));
  append(shapes, model_curve(study, panel, model_value));
  append(shapes, measured(study, panel, value));
  return shapes;
}

Shapes efficiency_panel(const ScalingStudy& study, const Measure& value, const Measure& model_value) {
  const Panel panel{60 + panel_width + 90, [](double efficiency) { return efficiency / most_efficiency; }};
  Shapes shapes = rank_axis(panel);
  append(shapes, value_axis(panel, {0, 0.2, 0.4, 0.6, 0.8, 1, 1.2}));
  shapes.push_back(label(panel.left, top - 12, "start", "efficiency"));
  shapes.push_back(svg_line("ideal", {panel.x(1), panel.y(1)}, {panel.x(1024), panel.y(1)}));
  append(shapes, model_curve(study, panel, per_rank(model_value)));
  append(shapes, measured(study, panel, per_rank(value)));
  return shapes;
}

std::string title(const ScalingStudy& study) {
  const ScalingPoint& first = study.points.front();
  const bool is_strong = study.options.kind == ScalingKind::strong;
  return fmt::format("{} scaling: {} customers{}, {} features, {} segments", is_strong ? "Strong" : "Weak",
                     shown_count(first.customers / (is_strong ? 1 : first.ranks)), is_strong ? "" : " a rank",
                     study.features, study.options.fit.segments);
}

Shapes notes(const ScalingStudy& study, double y) {
  Shapes shapes = {label(60, y, "start",
                         "dots: median of the repeats, lines: fastest to slowest; dashed: ideal; blue: model, with a "
                         "band of 5 to 95 % by resampled repeats",
                         "scaling-note")};
  const bool is_crowded =
      std::ranges::any_of(study.points, [](const ScalingPoint& point) { return point.placement.is_crowded; });
  if (is_crowded)
    shapes.push_back(
        label(60, y + 16, "start", "hollow: ranks share cores, which says nothing of speed", "scaling-note"));
  return shapes;
}

// For those who cannot see it.
std::string description(const ScalingStudy& study) {
  const ScalingPoint& most = study.points.back();
  const ScalingSummary& summary = study.summaries.back();
  return fmt::format("Speed-up and efficiency over 1 to {} ranks. On {} the speed-up is {} and the efficiency {}.{}",
                     shown_count(scaling::forecast_ranks), counted(most.ranks, "rank"), shown_number(summary.speedup),
                     shown_number(summary.efficiency), most.placement.is_crowded ? " These ranks share cores." : "");
}

}  // namespace

Picture scaling_picture(const ScalingStudy& study) {
  const double width = 60 + 2 * panel_width + 90 + 30;
  const double height = top + panel_height + 88;
  const Measure value = speedup_of(study, study.summaries.front().median_s);
  const auto fewest = std::ranges::find(study.forecasts, study.points.front().ranks, &ScalingForecast::ranks);
  const Measure model_value = fewest == study.forecasts.end() ? value : speedup_of(study, fewest->iteration_s);
  Svg drawing{width, height, style};
  drawing.shapes = {svg_rectangle("scaling", {0, 0}, width, height),
                    label(60, 26, "start", title(study), "scaling-title")};
  append(drawing.shapes, speedup_panel(study, value, model_value));
  append(drawing.shapes, efficiency_panel(study, value, model_value));
  append(drawing.shapes, notes(study, height - 26));
  return {title(study), description(study), drawing};
}

std::string scaling_svg(const ScalingStudy& study) { return svg(scaling_picture(study)); }

}  // namespace cardseg::report
