// conversion.json: what a conversion read, wrote and left out, so that the same query at the source can confirm it.
#pragma once

#include <string>

#include "cardseg/convert/csv_converter.hpp"

namespace cardseg::convert {

inline constexpr const char* conversion_record_name = "conversion.json";

/// The record as JSON with a line end. The same for every number of ranks. Sums are texts: they are exact decimals.
std::string conversion_json(const ConvertOptions& options, const ConvertReport& report);

}  // namespace cardseg::convert
