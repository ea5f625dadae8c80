// A document as plain lines, for a terminal or a log.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. Lines without a last line end: labels in a column of their own, tables aligned and never wrapped, pictures as
/// their description. Nothing in a name can move the cursor.
std::string console_text(const Document& document);

}  // namespace cardseg::report
