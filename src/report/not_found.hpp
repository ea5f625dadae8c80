// What was looked for and not found, and what was not looked at: said as plainly as the rest.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document not_found_chapter(const FitContent& content);

}  // namespace cardseg::report
