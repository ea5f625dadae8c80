// Whether segments are found again, in a line.
#pragma once

#include <string>

#include "cardseg/portfolio/trust_thresholds.hpp"
#include "cardseg/quality/stability.hpp"

namespace cardseg::report {

/// Pure. What came out, or why nothing was tested; empty where nobody asked for a test.
std::string stability_text(const quality::Stability& stability, quality::Trust asked, int segments,
                           const portfolio::TrustThresholds& thresholds);

}  // namespace cardseg::report
