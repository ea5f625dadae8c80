// A picture as an SVG file.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. Well-formed XML with the title and the description, without scripts or outside references.
std::string svg(const Picture& picture);

}  // namespace cardseg::report
