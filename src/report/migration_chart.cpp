#include "report/migration_chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr int most_states = 41;
constexpr double width = 760;
constexpr double height = 460;
constexpr double top = 34;
constexpr double left = 210;      // of the bars before
constexpr double right = 540;     // of the bars after
constexpr double bar = 14;        // their width
constexpr double gap = 8;         // between bars
constexpr double thinnest = 0.4;  // of a band that is drawn

constexpr const char* style =
    ".flow-text{font:13px system-ui,sans-serif;fill:var(--text)}.flow-head{font:600 13px system-ui,sans-serif;"
    "fill:var(--soft)}.flow{fill-opacity:.45;stroke:none}.flow-none{fill:var(--soft);fill-opacity:.35}";

std::string hue(int segment) { return segment == 0 ? "flow-none" : fmt::format("hue{}", (segment - 1) % 8 + 1); }

// Bars of one side, from the top down.
struct Stack {
  std::vector<double> begin;  ///< where the next band of a state starts
  double scale = 0.0;

  Stack(const std::vector<double>& customers, double scale_of) : scale(scale_of) {
    double y = top;
    for (const double count : customers) {
      begin.push_back(y);
      y += count * scale + (count > 0 ? gap : 0.0);
    }
  }
};

class MigrationDrawing {
 public:
  explicit MigrationDrawing(const MigrationContent& content)
      : content_(content),
        before_(static_cast<std::size_t>(content.migration.before) + 1),
        after_(static_cast<std::size_t>(content.migration.after) + 1) {
    for (int from = 0; from <= content.migration.before; ++from)
      for (int to = 0; to <= content.migration.after; ++to) {
        before_[static_cast<std::size_t>(from)] += customers(from, to);
        after_[static_cast<std::size_t>(to)] += customers(from, to);
      }
  }

  std::optional<Svg> drawn() const {
    double all = 0.0;
    for (const double count : before_) all += count;
    if (!(all > 0)) return std::nullopt;
    const auto states = static_cast<double>(std::max(before_.size(), after_.size()));
    const double scale = (height - top - 16 - gap * states) / all;
    Svg drawing{width, height, style};
    const Stack sources(before_, scale);
    const Stack targets(after_, scale);
    Stack source = sources;
    Stack target = targets;
    for (int from = 0; from <= content_.migration.before; ++from)
      for (int to = 0; to <= content_.migration.after; ++to)
        add_band(from, to, customers(from, to) * scale, source, target, drawing);
    for (std::size_t from = 0; from < before_.size(); ++from)
      add_bar(left - bar, sources.begin[from], before_[from] * scale, static_cast<int>(from), true, drawing);
    for (std::size_t to = 0; to < after_.size(); ++to)
      add_bar(right, targets.begin[to], after_[to] * scale, static_cast<int>(to), false, drawing);
    drawing.shapes.push_back(svg_text("flow-head", {left - bar, 18}, "end", "before"));
    drawing.shapes.push_back(svg_text("flow-head", {right + bar, 18}, "start", "after"));
    return drawing;
  }

 private:
  double customers(int from, int to) const {
    return static_cast<double>(content_.migration.cell(from, to).customers.customers);
  }

  // A segment after has the colour of the one before that is the same.
  int colour_of(int to) const { return to == 0 ? 0 : content_.migration.same_before[static_cast<std::size_t>(to - 1)]; }

  static void add_band(int from, int to, double thickness, Stack& source, Stack& target, Svg& drawing) {
    double& y0 = source.begin[static_cast<std::size_t>(from)];
    double& y1 = target.begin[static_cast<std::size_t>(to)];
    if (thickness > thinnest) {
      const double middle = (left + right) / 2;
      const auto at = [](double x, double y) { return coordinate(x) + "," + coordinate(y); };
      drawing.shapes.push_back(
          {"path",
           {{"class", "flow " + hue(from)},
            {"d", "M" + at(left, y0) + " C" + at(middle, y0) + " " + at(middle, y1) + " " + at(right, y1) + " L" +
                      at(right, y1 + thickness) + " C" + at(middle, y1 + thickness) + " " + at(middle, y0 + thickness) +
                      " " + at(left, y0 + thickness) + " Z"}}});
    }
    y0 += thickness;
    y1 += thickness;
  }

  void add_bar(double x, double y, double tall, int segment, bool is_before, Svg& drawing) const {
    if (!(tall > 0)) return;
    drawing.shapes.push_back(svg_rectangle(hue(is_before ? segment : colour_of(segment)), {x, y}, bar, tall));
    constexpr std::size_t longest = 30;
    std::string name = is_before ? content_.from(segment) : content_.to(segment);
    if (name.size() > longest) name = readable(name.substr(0, longest - 3)) + "...";
    drawing.shapes.push_back(
        svg_text("flow-text", {is_before ? x - 6 : x + bar + 6, y + tall / 2 + 4}, is_before ? "end" : "start", name));
  }

  const MigrationContent& content_;
  std::vector<double> before_;
  std::vector<double> after_;
};

}  // namespace

std::optional<Picture> migration_chart(const MigrationContent& content) {
  if (std::max(content.migration.before, content.migration.after) >= most_states) return std::nullopt;
  const std::optional<Svg> drawing = MigrationDrawing(content).drawn();
  if (!drawing) return std::nullopt;
  return Picture{"Where customers went: a band is as thick as the customers are many",
                 fmt::format("Bands from {} before to {} after.", counted(content.migration.before, "segment"),
                             counted(content.migration.after, "segment")),
                 *drawing, "migration.csv"};
}

}  // namespace cardseg::report
