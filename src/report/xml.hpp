// Elements through pugixml, which alone escapes and nests: text that XML cannot hold never gets to it.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "cardseg/report/svg.hpp"

namespace cardseg::report {

pugi::xml_node add_element(pugi::xml_node parent, const char* name);
pugi::xml_node add_element(pugi::xml_node parent, const char* name, const std::string& text);
void add_text(pugi::xml_node parent, const std::string& text);
void set_attribute(pugi::xml_node element, const char* name, const std::string& text);

/// The drawing as an "svg" element with title, description (left out where empty) and role. `id`: of the two, which it
/// is labelled by.
pugi::xml_node add_svg(pugi::xml_node parent, const Svg& drawing, const std::string& title,
                       const std::string& description, const std::string& id);

/// Shapes of a drawing within their element.
void add_shapes(pugi::xml_node parent, const std::vector<SvgShape>& shapes);

/// An element a line, without an XML declaration.
std::string to_text(const pugi::xml_document& document);

}  // namespace cardseg::report
