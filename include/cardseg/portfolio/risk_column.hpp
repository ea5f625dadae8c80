// Flags of the next period: who left, who is late with payments. Never part of the distance.
#pragma once

#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Column::reason of a column that the description names under `risk`.
inline constexpr const char* risk_reason = "a flag of the next period";

/// Setting::key by which a description keeps a column that is named under `risk`.
inline constexpr const char* risk_key = "risk";

/// Pure.
inline bool is_risk(const Column& column) { return column.reason == risk_reason; }

}  // namespace cardseg::portfolio
