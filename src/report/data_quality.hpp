// What was read: columns with their part, gaps and what was filled in for them.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document data_quality_chapter(const FitContent& content);

}  // namespace cardseg::report
