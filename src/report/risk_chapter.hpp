// Retention and risk: rates of flags of the next period, by segment.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure. Empty where no column is named under risk.
Document risk_chapter(const FitContent& content);

}  // namespace cardseg::report
