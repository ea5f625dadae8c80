// Segments against columns that customers are already told apart by.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document crosstab_chapter(const FitContent& content);

}  // namespace cardseg::report
