// A drawing as a tree of shapes: what is drawn, apart from how XML is written (picture.cpp, html.cpp).
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cardseg::report {

/// A name and a text, or a number, which is written with one decimal at most.
struct SvgAttribute {
  std::string name;
  std::variant<std::string, double> value;
};

struct SvgShape {
  std::string name;  ///< SVG's own: "line", "circle", "text", "g", ...
  std::vector<SvgAttribute> attributes;
  std::string text = {};                ///< of a "text"
  std::vector<SvgShape> children = {};  ///< of a "g"
};

struct SvgPoint {
  double x = 0.0;
  double y = 0.0;
};

struct Svg {
  double width = 0.0;
  double height = 0.0;
  std::string style = {};  ///< CSS without "<", ">" and "&"; on a page it reaches all pictures, so names are its own
  std::vector<SvgShape> shapes = {};
};

SvgShape svg_line(const std::string& css_class, SvgPoint from, SvgPoint to);
SvgShape svg_circle(const std::string& css_class, SvgPoint centre, double radius);
SvgShape svg_rectangle(const std::string& css_class, SvgPoint corner, double width, double height);
/// `name`: "polyline" or "polygon".
SvgShape svg_path(const std::string& name, const std::string& css_class, const std::vector<SvgPoint>& points);
/// `anchor`: "start", "middle" or "end" of the text is at `at`.
SvgShape svg_text(const std::string& css_class, SvgPoint at, const std::string& anchor, const std::string& text);

}  // namespace cardseg::report
