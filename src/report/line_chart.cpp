#include "report/line_chart.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "cardseg/report/numbers.hpp"
#include "report/nice_ticks.hpp"

namespace cardseg::report {
namespace {

constexpr double width = 720;
constexpr double height = 300;
constexpr double left = 64;
constexpr double right = 150;  // labels of curves
constexpr double top = 16;
constexpr double bottom = 44;
constexpr double label_height = 16;
constexpr int most_labels = 20;  // of places

constexpr const char* style =
    ".curve{fill:none;stroke:currentColor;stroke-width:2}.curve-reference{stroke-dasharray:6 4;stroke-width:1.5}"
    ".curve-dot{fill:currentColor}.curve-grid{stroke:currentColor;stroke-opacity:.18}"
    ".curve-error{stroke:currentColor;stroke-opacity:.6}.curve-marked{stroke:currentColor;stroke-opacity:.5;"
    "stroke-width:5;stroke-opacity:.15}.curve-text{font:13px system-ui,sans-serif;fill:currentColor}";

class Chart {
 public:
  explicit Chart(const LineChart& chart) : chart_(chart) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const Curve& curve : chart.curves)
      for (std::size_t i = 0; i < curve.values.size(); ++i) {
        if (!std::isfinite(curve.values[i])) continue;
        low = std::min(low, curve.values[i] - error_of(curve, i));
        high = std::max(high, curve.values[i] + error_of(curve, i));
      }
    ticks_ = nice_ticks(low, high);
  }

  Svg drawn() {
    add_axes();
    for (const Curve& curve : chart_.curves) add(curve);
    add_labels();
    return {width, height, style, std::move(shapes_)};
  }

 private:
  struct Label {
    double y;
    std::string text;
  };

  static double error_of(const Curve& curve, std::size_t at) { return curve.errors.empty() ? 0.0 : curve.errors[at]; }

  double x(std::size_t place) const {
    const double first = chart_.places.front();
    const double span = std::max(1, chart_.places.back() - chart_.places.front());
    return left + (width - left - right) * (chart_.places[place] - first) / span;
  }
  double y(double value) const {
    return height - bottom - (height - top - bottom) * (value - ticks_.front()) / (ticks_.back() - ticks_.front());
  }

  void add_axes() {
    for (const double tick : ticks_) {
      shapes_.push_back(svg_line("curve-grid", {left, y(tick)}, {width - right, y(tick)}));
      shapes_.push_back(svg_text("curve-text", {left - 8, y(tick) + 4}, "end", shown_number(tick)));
    }
    const std::size_t step = chart_.places.size() / most_labels + 1;
    for (std::size_t i = 0; i < chart_.places.size(); ++i) {
      if (chart_.places[i] == chart_.marked)
        shapes_.push_back(svg_line("curve-marked", {x(i), top}, {x(i), height - bottom}));
      if (i % step == 0)
        shapes_.push_back(
            svg_text("curve-text", {x(i), height - bottom + 18}, "middle", shown_count(chart_.places[i])));
    }
    shapes_.push_back(svg_text("curve-text", {(left + width - right) / 2, height - 6}, "middle", chart_.axis));
  }

  // Pieces between places without a value.
  void add(const Curve& curve) {
    const std::string css_class = curve.is_reference ? "curve curve-reference" : "curve";
    std::vector<SvgPoint> piece;
    const auto end_piece = [&] {
      if (piece.size() > 1) shapes_.push_back(svg_path("polyline", css_class, piece));
      piece.clear();
    };
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      if (!std::isfinite(curve.values[i])) {
        end_piece();
        continue;
      }
      const SvgPoint at{x(i), y(curve.values[i])};
      piece.push_back(at);
      if (const double error = error_of(curve, i); error > 0)
        shapes_.push_back(
            svg_line("curve-error", {at.x, y(curve.values[i] - error)}, {at.x, y(curve.values[i] + error)}));
      if (!curve.is_reference) shapes_.push_back(svg_circle("curve-dot", at, 3.5));
    }
    end_piece();
  }

  // At the curves' ends, none upon another.
  void add_labels() {
    std::vector<Label> labels;
    for (const Curve& curve : chart_.curves) {
      const auto last =
          std::ranges::find_if(curve.values.rbegin(), curve.values.rend(), [](double v) { return std::isfinite(v); });
      if (last != curve.values.rend()) labels.push_back({y(*last) + 4, curve.label});
    }
    std::ranges::sort(labels, {}, &Label::y);
    double free = top;
    for (const Label& label : labels) {
      const double at = std::max(label.y, free);
      shapes_.push_back(svg_text("curve-text", {width - right + 8, at}, "start", label.text));
      free = at + label_height;
    }
  }

  const LineChart& chart_;
  std::vector<double> ticks_;
  std::vector<SvgShape> shapes_;
};

}  // namespace

Picture line_picture(const LineChart& chart) {
  return {chart.title, chart.description, Chart(chart).drawn(), chart.source};
}

}  // namespace cardseg::report
