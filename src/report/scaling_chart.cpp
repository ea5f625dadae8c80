#include "cardseg/report/scaling_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "cardseg/core/with_commas.hpp"

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
    "<style>text{font:13px system-ui,sans-serif;fill:#1c2733}.title{font-size:16px;font-weight:600}"
    ".note{font-size:12px;fill:#5a6775}.grid{stroke:#dde3ea}.ideal{stroke:#8a97a6;stroke-dasharray:6 4;fill:none}"
    ".model{stroke:#3a6ea5;fill:none;stroke-width:1.5}.band{fill:#3a6ea5;fill-opacity:.15}"
    ".range{stroke:#b3452f}.dot{fill:#b3452f;stroke:#b3452f;stroke-width:1.5}.hollow{fill:#fff}</style>\n";

// One of the two pictures: where it is and how its values become places.
struct Panel {
  double left = 0.0;
  std::function<double(double)> height;  // of a value, as a share of the panel

  double x(double ranks) const { return left + panel_width * std::log2(ranks) / octaves; }
  double y(double value) const { return top + panel_height * (1 - std::clamp(height(value), 0.0, 1.0)); }
};

// What is shown of a number of ranks when an iteration takes so long.
using Value = std::function<double(double iteration_s, double ranks)>;

Value speedup_of(const ScalingStudy& study, double first_s) {
  const double fewest = study.points.front().ranks;
  const bool is_strong = study.options.kind == ScalingKind::strong;
  return [=](double iteration_s, double ranks) { return (is_strong ? fewest : ranks) * first_s / iteration_s; };
}

Value per_rank(const Value& speedup) {
  return [speedup](double iteration_s, double ranks) { return speedup(iteration_s, ranks) / ranks; };
}

std::string line(const char* of_class, double x1, double y1, double x2, double y2) {
  return fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", of_class, x1, y1,
                     x2, y2);
}

std::string label(double x, double y, const char* anchor, const std::string& text, const char* of_class = "") {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", of_class, x, y,
                     anchor, text);
}

std::string rank_axis(const Panel& panel) {
  std::string text;
  for (int ranks = 1; ranks <= scaling::forecast_ranks; ranks *= 4) {
    text += line("grid", panel.x(ranks), top, panel.x(ranks), top + panel_height);
    text += label(panel.x(ranks), top + panel_height + 18, "middle", core::with_commas(ranks));
  }
  return text + label(panel.left + panel_width / 2, top + panel_height + 38, "middle", "ranks");
}

std::string value_axis(const Panel& panel, const std::vector<double>& marks) {
  std::string text;
  for (double mark : marks) {
    text += line("grid", panel.left, panel.y(mark), panel.left + panel_width, panel.y(mark));
    text += label(panel.left - 8, panel.y(mark) + 4, "end", fmt::format("{:g}", mark));
  }
  return text;
}

std::string model_curve(const ScalingStudy& study, const Panel& panel, const Value& value) {
  std::string curve;
  std::string upper;
  std::string lower;
  for (const ScalingForecast& each : study.forecasts) {
    const double x = panel.x(each.ranks);
    const auto place = [&](double s) { return fmt::format("{:.1f},{:.1f} ", x, panel.y(value(s, each.ranks))); };
    if (!(each.low_s > 0)) continue;
    curve += place(each.iteration_s);
    upper += place(each.low_s);
    lower.insert(0, place(each.high_s));
  }
  return fmt::format("<polygon class=\"band\" points=\"{}{}\"/>\n<polyline class=\"model\" points=\"{}\"/>\n", upper,
                     lower, curve);
}

std::string measured(const ScalingStudy& study, const Panel& panel, const Value& value) {
  std::string text;
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    const ScalingPoint& point = study.points[i];
    const ScalingSummary& summary = study.summaries[i];
    const double x = panel.x(point.ranks);
    text += line("range", x, panel.y(value(summary.min_s, point.ranks)), x, panel.y(value(summary.max_s, point.ranks)));
    text += fmt::format("<circle class=\"dot{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>\n",
                        point.placement.is_crowded ? " hollow" : "", x, panel.y(value(summary.median_s, point.ranks)));
  }
  return text;
}

std::string speedup_panel(const ScalingStudy& study, const Value& value, const Value& model_value) {
  const Panel panel{60, [](double speedup) {
                      return (octaves_below + std::log2(std::max(speedup, 1e-9))) / (octaves_below + octaves);
                    }};
  std::string text = rank_axis(panel) + value_axis(panel, {0.25, 1, 4, 16, 64, 256, 1024});
  text +=
      label(panel.left, top - 12, "start", study.options.kind == ScalingKind::strong ? "speed-up" : "scaled speed-up");
  text += line("ideal", panel.x(1), panel.y(1), panel.x(1024), panel.y(1024));
  return text + model_curve(study, panel, model_value) + measured(study, panel, value);
}

std::string efficiency_panel(const ScalingStudy& study, const Value& value, const Value& model_value) {
  const Panel panel{60 + panel_width + 90, [](double efficiency) { return efficiency / most_efficiency; }};
  std::string text = rank_axis(panel) + value_axis(panel, {0, 0.2, 0.4, 0.6, 0.8, 1, 1.2});
  text += label(panel.left, top - 12, "start", "efficiency");
  text += line("ideal", panel.x(1), panel.y(1), panel.x(1024), panel.y(1));
  return text + model_curve(study, panel, per_rank(model_value)) + measured(study, panel, per_rank(value));
}

std::string title(const ScalingStudy& study) {
  const ScalingPoint& first = study.points.front();
  const bool is_strong = study.options.kind == ScalingKind::strong;
  return fmt::format("{} scaling: {} customers{}, {} features, {} segments", is_strong ? "Strong" : "Weak",
                     core::with_commas(first.customers / (is_strong ? 1 : first.ranks)), is_strong ? "" : " a rank",
                     study.features, study.options.fit.segments);
}

std::string notes(const ScalingStudy& study, double y) {
  std::string text = label(60, y, "start",
                           "dots: median of the repeats, lines: fastest to slowest; dashed: ideal; blue: model, with a "
                           "band of 5 to 95 % by resampled repeats",
                           "note");
  const bool is_crowded =
      std::ranges::any_of(study.points, [](const ScalingPoint& point) { return point.placement.is_crowded; });
  if (is_crowded) text += label(60, y + 16, "start", "hollow: ranks share cores, which says nothing of speed", "note");
  return text;
}

}  // namespace

std::string scaling_svg(const ScalingStudy& study) {
  const double width = 60 + 2 * panel_width + 90 + 30;
  const double height = top + panel_height + 88;
  const Value value = speedup_of(study, study.summaries.front().median_s);
  const auto fewest = std::ranges::find(study.forecasts, study.points.front().ranks, &ScalingForecast::ranks);
  const Value model_value = fewest == study.forecasts.end() ? value : speedup_of(study, fewest->iteration_s);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" viewBox=\"0 0 {0:g} {1:g}\" "
      "role=\"img\">\n",
      width, height);
  text += fmt::format("<title>{}</title>\n", title(study)) + style;
  text += fmt::format("<rect width=\"{:g}\" height=\"{:g}\" fill=\"#fff\"/>\n", width, height);
  text += label(60, 26, "start", title(study), "title");
  text += speedup_panel(study, value, model_value) + efficiency_panel(study, value, model_value);
  return text + notes(study, height - 26) + "</svg>\n";
}

}  // namespace cardseg::report
