#include "report/map_chapter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "cardseg/core/name_list.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/map_centre.hpp"

namespace cardseg::report {
namespace {

using profile::PrincipalAxis;
using profile::PrincipalMap;

constexpr double width = 640;
constexpr double margin = 12;
constexpr double band = 34;  // for a line of text above or below the map
constexpr int classes = 5;   // of density
constexpr int hues = 8;
constexpr double least_radius = 15;
constexpr double radius_of_all = 44;
constexpr double least_loading = 0.2;
constexpr std::size_t most_ends = 2;      // columns that name an end of an axis
constexpr std::size_t most_loadings = 8;  // rows of the table

// "Cash advance", "Job: student"
std::string label_of_feature(const segments::Model& model, int feature) {
  const portfolio::FittedColumn& column = model.column_of(feature);
  const std::string name = model.feature_name(feature);
  const std::string label = portfolio::label_of(column.column);
  if (!model.is_share(feature)) return label;
  return label + ": " + name.substr(std::min(name.size(), column.column.name.size() + 1));
}

std::vector<int> by_loading(const PrincipalAxis& axis) {
  std::vector<int> features(axis.direction.size());
  std::iota(features.begin(), features.end(), 0);
  std::ranges::stable_sort(features, [&](int a, int b) {
    return std::abs(axis.direction[static_cast<std::size_t>(a)]) >
           std::abs(axis.direction[static_cast<std::size_t>(b)]);
  });
  return features;
}

// What there is more of towards one end: "more cash advance and balance"; empty: nothing in particular.
std::string end_of(const segments::Model& model, const PrincipalAxis& axis, double sign) {
  std::vector<std::string> names;
  for (const int feature : by_loading(axis)) {
    if (sign * axis.direction[static_cast<std::size_t>(feature)] < least_loading || names.size() >= most_ends) continue;
    names.push_back(label_of_feature(model, feature));
  }
  if (!names.empty()) return "more " + core::all_of(names);
  return "less of these";
}

// The bins that are drawn, and a border of one around them and the centroids.
struct Frame {
  int first_column = PrincipalMap::bins_along;
  int last_column = -1;
  int first_row = PrincipalMap::bins_along;
  int last_row = -1;

  void take(int column, int row) {
    first_column = std::min(first_column, column);
    last_column = std::max(last_column, column);
    first_row = std::min(first_row, row);
    last_row = std::max(last_row, row);
  }
  bool is_empty() const { return last_column < first_column; }
};

class MapDrawing {
 public:
  explicit MapDrawing(const FitContent& content) : content_(content), map_(*content.evidence.map) {
    for (int row = 0; row < PrincipalMap::bins_along; ++row)
      for (int column = 0; column < PrincipalMap::bins_along; ++column)
        if (const std::int64_t here = customers(column, row); here > 0) {
          frame_.take(column, row);
          least_ = least_ == 0 ? here : std::min(least_, here);
          most_ = std::max(most_, here);
        }
    for (int j = 1; j <= content.shown_segments(); ++j) {
      centres_.push_back(map_centre(content, j));
      if (centres_.back()) frame_.take(bin_of(centres_.back()->x), bin_of(centres_.back()->y));
    }
    size_ = (width - 2 * margin) / (frame_.last_column - frame_.first_column + 1);
    height_ = size_ * (frame_.last_row - frame_.first_row + 1);
  }

  bool is_empty() const { return most_ == 0 || frame_.is_empty(); }

  Svg drawn() const {
    Svg svg{width, height_ + 4 * band, "", {}};
    for (int row = frame_.first_row; row <= frame_.last_row; ++row) add_row(row, svg.shapes);
    add_centroids(svg.shapes);
    const segments::Model& model = content_.model;
    const PrincipalAxis& x = map_.axes.axes[0];
    const PrincipalAxis& y = map_.axes.axes[1];
    svg.shapes.push_back(svg_text("label", {margin, band - 10}, "start", "\u2191 " + end_of(model, y, 1)));
    svg.shapes.push_back(
        svg_text("label", {margin, height_ + 2 * band - 10}, "start", "\u2193 " + end_of(model, y, -1)));
    svg.shapes.push_back(
        svg_text("label", {width - margin, height_ + 3 * band - 10}, "end", end_of(model, x, 1) + " \u2192"));
    svg.shapes.push_back(
        svg_text("label", {margin, height_ + 4 * band - 10}, "start", "\u2190 " + end_of(model, x, -1)));
    return svg;
  }

 private:
  std::int64_t customers(int column, int row) const { return map_.customers[map_.bin(column, row)]; }
  int bin_of(double place) const {
    const int bin = static_cast<int>(std::floor(place / map_.side)) + PrincipalMap::bins_along / 2;
    return std::clamp(bin, 0, PrincipalMap::bins_along - 1);
  }
  double x_of(double place) const {
    return margin + size_ * (place / map_.side + PrincipalMap::bins_along / 2 - frame_.first_column);
  }
  double y_of(double place) const {
    return band + height_ - size_ * (place / map_.side + PrincipalMap::bins_along / 2 - frame_.first_row);
  }

  // 1 (as few as are shown) to `classes`, on a scale of logarithms; 0: too few.
  int density(int column, int row) const {
    const std::int64_t here = customers(column, row);
    if (here == 0) return 0;
    if (most_ <= least_) return classes;
    const double share = std::log2(static_cast<double>(here) / static_cast<double>(least_)) /
                         std::log2(static_cast<double>(most_) / static_cast<double>(least_));
    return std::min(classes, 1 + static_cast<int>(share * classes));
  }

  std::string class_of(int column, int row) const {
    const int strength = density(column, row);
    if (strength == 0) return "";
    const int segment = map_.segment[map_.bin(column, row)];
    return fmt::format("d{} {}", strength, segment < 0 ? "any" : fmt::format("hue{}", segment % hues + 1));
  }

  // Neighbours that look the same are one rectangle.
  void add_row(int row, std::vector<SvgShape>& shapes) const {
    for (int column = frame_.first_column; column <= frame_.last_column;) {
      const std::string css_class = class_of(column, row);
      int end = column + 1;
      while (end <= frame_.last_column && class_of(end, row) == css_class) ++end;
      if (!css_class.empty())
        shapes.push_back(svg_rectangle(
            css_class,
            {margin + size_ * (column - frame_.first_column), band + height_ - size_ * (row - frame_.first_row + 1)},
            size_ * (end - column), size_));
      column = end;
    }
  }

  void add_centroids(std::vector<SvgShape>& shapes) const {
    const double all = number_of(content_.profile.customers[0]);
    for (int j = 1; j <= content_.shown_segments(); ++j) {  // the largest first, so that none is hidden
      const std::optional<profile::MapPoint>& centre = centres_[static_cast<std::size_t>(j - 1)];
      if (!centre) continue;
      const double share = number_of(content_.profile.customers[static_cast<std::size_t>(j)]) / all;
      const SvgPoint at{x_of(centre->x), y_of(centre->y)};
      const double radius = std::max(least_radius, radius_of_all * std::sqrt(share));
      shapes.push_back(svg_circle(fmt::format("centre hue{}", (j - 1) % hues + 1), at, radius));
      shapes.push_back(svg_text("label number", {at.x, at.y + 5}, "middle", std::to_string(j)));
    }
  }

  const FitContent& content_;
  const PrincipalMap& map_;
  std::vector<std::optional<profile::MapPoint>> centres_;  // [segment]
  std::int64_t least_ = 0;                                 // customers of a bin that is drawn
  std::int64_t most_ = 0;
  Frame frame_;
  double size_ = 0.0;
  double height_ = 0.0;
};

Table centre_table(const FitContent& content) {
  Table table{"Centres of segments on the map",
              {{"Segment"}, {"Across", Format::fixed, 2}, {"Up", Format::fixed, 2}, {"Customers", Format::count}},
              {},
              {},
              "map.csv"};
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const std::optional<profile::MapPoint> centre = map_centre(content, j);
    const auto place = [&](double profile::MapPoint::*axis) {
      return centre ? Value((*centre).*axis) : Value(std::string(withheld));
    };
    table.rows.push_back({Cell(content.name(j), 0.0, j), place(&profile::MapPoint::x), place(&profile::MapPoint::y),
                          cell_of(content.profile.customers[static_cast<std::size_t>(j)])});
  }
  return table;
}

Table loading_table(const FitContent& content) {
  const profile::PrincipalAxes& axes = content.evidence.map->axes;
  Table table{"What the axes are made of: the features with the largest weights",
              {{"Feature"}, {"Across", Format::fixed, 2}, {"Up", Format::fixed, 2}},
              {},
              {},
              "map.csv"};
  std::vector<int> features;
  for (const PrincipalAxis& axis : axes.axes)
    for (std::size_t i = 0; const int feature : by_loading(axis))
      if (i++ < most_loadings && std::ranges::find(features, feature) == features.end()) features.push_back(feature);
  for (const int feature : features) {
    const auto f = static_cast<std::size_t>(feature);
    table.rows.push_back(
        {label_of_feature(content.model, feature), axes.axes[0].direction[f], axes.axes[1].direction[f]});
  }
  return table;
}

}  // namespace

Document map_chapter(const FitContent& content) {
  Document chapter;
  if (!content.evidence.map) return chapter;
  const PrincipalMap& map = *content.evidence.map;
  const MapDrawing drawing(content);
  const double both = map.axes.axes[0].share + map.axes.axes[1].share;
  chapter.add(Heading{2, "Map"});
  chapter.add(Paragraph{
      fmt::format("The map shows customers from the side from which they differ most. It keeps {} of their "
                  "differences, {} across and "
                  "{} up: segments that overlap here may lie apart in what it cannot show.",
                  shown_share(both), shown_share(map.axes.axes[0].share), shown_share(map.axes.axes[1].share))});
  if (drawing.is_empty()) {
    chapter.add(Paragraph{"There are too few customers to draw a map without showing single ones."});
    return chapter;
  }
  chapter.add(Picture{
      "Where customers lie: the stronger the colour, the more there are; the colour is that of the segment with most "
      "customers there, a circle a segment's centre",
      fmt::format("A map of {} on two axes. The numbered circles are the centres of the segments.",
                  counted(content.model.totals.all_customers(), "customer")),
      drawing.drawn(), "map.csv"});
  chapter.add(Note{fmt::format(
      "Principal components of the features as the fit used them{}. Squares of fewer than {} customers are left "
      "blank{}. "
      "An axis points to where the feature with its largest weight grows.",
      map.axes.is_of_sample ? fmt::format(", from a random sample of {}", counted(map.axes.customers, "customer")) : "",
      content.least_customers(),
      map.outside.customers > 0 ? fmt::format("; {} lie beyond the map", counted(map.outside.customers, "customer"))
                                : "")});
  chapter.add(Details{"The figures of this picture", {{centre_table(content)}, {loading_table(content)}}});
  return chapter;
}

}  // namespace cardseg::report
