#include "cardseg/report/svg.hpp"

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

SvgShape svg_line(const std::string& css_class, SvgPoint from, SvgPoint to) {
  return {"line", {{"class", css_class}, {"x1", from.x}, {"y1", from.y}, {"x2", to.x}, {"y2", to.y}}};
}

SvgShape svg_circle(const std::string& css_class, SvgPoint centre, double radius) {
  return {"circle", {{"class", css_class}, {"cx", centre.x}, {"cy", centre.y}, {"r", radius}}};
}

SvgShape svg_rectangle(const std::string& css_class, SvgPoint corner, double width, double height) {
  return {"rect", {{"class", css_class}, {"x", corner.x}, {"y", corner.y}, {"width", width}, {"height", height}}};
}

SvgShape svg_path(const std::string& name, const std::string& css_class, const std::vector<SvgPoint>& points) {
  std::string places;
  for (const SvgPoint& point : points)
    places += (places.empty() ? "" : " ") + coordinate(point.x) + "," + coordinate(point.y);
  return {name, {{"class", css_class}, {"points", places}}};
}

SvgShape svg_text(const std::string& css_class, SvgPoint at, const std::string& anchor, const std::string& text) {
  return {"text", {{"class", css_class}, {"x", at.x}, {"y", at.y}, {"text-anchor", anchor}}, text};
}

}  // namespace cardseg::report
