// What tells segments apart: every column by segment, as standardised differences and as ratios.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document heat_map_chapter(const FitContent& content);

}  // namespace cardseg::report
