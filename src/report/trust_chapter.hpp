// Whether segments can be trusted: how far they lie from one another, and which are next to which.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document trust_chapter(const FitContent& content);

}  // namespace cardseg::report
