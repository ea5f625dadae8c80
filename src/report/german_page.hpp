// The page of a fit in German: headings, verdicts, tables and glossary. Words about segments are the phrases' own.
#pragma once

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. The document with its fixed texts in German, and those with figures that stand in verdicts, whose numbers are
/// written as German has them. Sentences that are not known here, names and figures stay as they are.
Document in_german(Document page);

}  // namespace cardseg::report
