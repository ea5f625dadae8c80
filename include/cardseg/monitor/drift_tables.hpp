// A month's drift as files that other programs read.
#pragma once

#include <string>

#include "cardseg/monitor/drift.hpp"

namespace cardseg::monitor {

/// CSV with a header, one line a figure: column (empty: of the segment as such), segment (0 the whole), statistic,
/// value, threshold, light. A value that would tell of few customers, or is not there, is empty; so are threshold and
/// light of figures that are for information.
std::string drift_csv(const Drift& drift);

/// JSON of the lights, their reasons and the main figures; `model_id`: of the model that the month was compared with.
std::string drift_json(const Drift& drift, const std::string& model_id);

}  // namespace cardseg::monitor
