// What `scaling` says of its result.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/document.hpp"
#include "cardseg/scaling/scaling_model.hpp"

namespace cardseg::report {

/// Pure. What was measured, what the model says of it and of more ranks.
Document scaling_summary(const scaling::ScalingStudy& study, const std::string& directory);

/// Pure. Where ranks shared cores, times say little.
std::vector<std::string> scaling_warnings(const scaling::ScalingStudy& study);

}  // namespace cardseg::report
