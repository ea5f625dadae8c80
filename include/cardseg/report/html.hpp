// A document as one self-contained page: opens anywhere, prints, needs no script and nothing from outside.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. HTML that is well-formed XML, too. Light and dark as the reader's system is; headings of level 2 are listed as
/// contents where there are three or more; wide tables scroll by themselves. The same document gives the same text.
std::string html(const Document& document);

}  // namespace cardseg::report
