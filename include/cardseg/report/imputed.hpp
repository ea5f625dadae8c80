// How many values a fit filled in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. What stands for missing values: "its median".
const char* replacement(portfolio::Missing missing);

/// Pure. Of each feature with missing values how many there were and what stands for them, in the order of the
/// features: "balance: 1,234 of 100,000 (1.2 %), by its median". Fewer than `min_cell` are not counted.
std::vector<std::string> imputed_texts(const segments::Model& model, std::int64_t min_cell);

}  // namespace cardseg::report
