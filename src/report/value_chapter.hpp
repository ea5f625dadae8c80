// Size against value: how many customers a segment has, and how much of the value they are.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document value_chapter(const FitContent& content);

}  // namespace cardseg::report
