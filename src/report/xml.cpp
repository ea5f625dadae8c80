#include "report/xml.hpp"

#include <sstream>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

void add_shape(pugi::xml_node parent, const SvgShape& shape) {
  pugi::xml_node element = add_element(parent, shape.name.c_str());
  for (const SvgAttribute& attribute : shape.attributes) {
    const auto* number = std::get_if<double>(&attribute.value);
    const std::string text = number != nullptr ? coordinate(*number) : std::get<std::string>(attribute.value);
    if (!text.empty()) set_attribute(element, attribute.name.c_str(), text);
  }
  if (!shape.text.empty()) add_text(element, shape.text);
  for (const SvgShape& child : shape.children) add_shape(element, child);
}

}  // namespace

pugi::xml_node add_element(pugi::xml_node parent, const char* name) { return parent.append_child(name); }

pugi::xml_node add_element(pugi::xml_node parent, const char* name, const std::string& text) {
  pugi::xml_node element = add_element(parent, name);
  add_text(element, text);
  return element;
}

void add_text(pugi::xml_node parent, const std::string& text) {
  parent.append_child(pugi::node_pcdata).set_value(readable(text).c_str());
}

void set_attribute(pugi::xml_node element, const char* name, const std::string& text) {
  element.append_attribute(name).set_value(readable(text).c_str());
}

pugi::xml_node add_svg(pugi::xml_node parent, const Svg& drawing, const std::string& title,
                       const std::string& description, const std::string& id) {
  pugi::xml_node svg = add_element(parent, "svg");
  set_attribute(svg, "xmlns", "http://www.w3.org/2000/svg");
  set_attribute(svg, "width", coordinate(drawing.width));
  set_attribute(svg, "height", coordinate(drawing.height));
  set_attribute(svg, "viewBox", "0 0 " + coordinate(drawing.width) + " " + coordinate(drawing.height));
  set_attribute(svg, "role", "img");
  set_attribute(svg, "aria-labelledby", description.empty() ? id + "-title" : id + "-title " + id + "-about");
  set_attribute(add_element(svg, "title", title), "id", id + "-title");
  if (!description.empty()) set_attribute(add_element(svg, "desc", description), "id", id + "-about");
  if (!drawing.style.empty()) add_element(svg, "style", drawing.style);
  add_shapes(svg, drawing.shapes);
  return svg;
}

void add_shapes(pugi::xml_node parent, const std::vector<SvgShape>& shapes) {
  for (const SvgShape& shape : shapes) add_shape(parent, shape);
}

std::string to_text(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return text.str();
}

}  // namespace cardseg::report
