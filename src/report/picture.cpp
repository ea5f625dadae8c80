#include "cardseg/report/picture.hpp"

#include "report/xml.hpp"

namespace cardseg::report {

std::string svg(const Picture& picture) {
  pugi::xml_document document;
  add_svg(document, picture.drawing, picture.title, picture.description, "picture");
  return to_text(document);
}

}  // namespace cardseg::report
