// A section for each segment: words, what sets it apart, its distributions over those of everybody.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document segment_chapter(const FitContent& content);

}  // namespace cardseg::report
