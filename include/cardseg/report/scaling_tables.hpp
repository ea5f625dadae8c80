// scaling.csv and scaling.json: what a scaling study measured, and what its model says.
#pragma once

#include <string>

#include "cardseg/scaling/scaling_model.hpp"

namespace cardseg::report {

/// Pure. CSV with a header, one line a number of ranks that was measured. Seconds are elapsed, of a mean iteration.
std::string scaling_csv(const scaling::ScalingStudy& study);

/// Pure. The same with every repeat, the model and its forecasts.
std::string scaling_json(const scaling::ScalingStudy& study);

}  // namespace cardseg::report
