// Which simple rules come close to the segments, and how often each is right.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document rules_chapter(const FitContent& content);

}  // namespace cardseg::report
