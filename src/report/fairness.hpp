// Who is in the segments, by columns that are kept out of the distance.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document fairness_chapter(const FitContent& content);

}  // namespace cardseg::report
