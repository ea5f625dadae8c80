// rfm.json: what became of every transaction, so that the same query at the source can confirm it.
#pragma once

#include <string>
#include <vector>

#include "cardseg/transactions/rfm.hpp"

namespace cardseg::transactions {

inline constexpr const char* rfm_record_name = "rfm.json";
inline constexpr const char* rfm_record_format = "cardseg-rfm";

/// The record as JSON with a line end. The same for every number of ranks. Sums are texts: they are exact decimals.
std::string rfm_json(const RfmOptions& options, const RfmReport& report);
/// The record of one snapshot; a list of those of several.
std::string rfm_json(const RfmOptions& options, const std::vector<RfmReport>& reports);

}  // namespace cardseg::transactions
