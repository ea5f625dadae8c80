// What the records of convert and rfm say alike, as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cardseg/convert/csv_converter.hpp"

namespace cardseg::convert {

/// By which nlohmann::ordered_json takes these, and vectors of them.
void to_json(nlohmann::ordered_json& json, const SourceFile& source);
void to_json(nlohmann::ordered_json& json, const ReasonCount& reason);

}  // namespace cardseg::convert
