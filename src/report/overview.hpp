// The first screen of a report: what was segmented, how far it can be trusted, and every segment at a glance.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document overview_chapter(const FitContent& content);

}  // namespace cardseg::report
