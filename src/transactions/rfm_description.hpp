// The description of a portfolio of features, to be used by `fit` and to be edited.
#pragma once

#include <string>
#include <vector>

#include "cardseg/transactions/feature_catalogue.hpp"

namespace cardseg::transactions {

inline constexpr const char* description_name = "description.ini";
inline constexpr const char* id_column_name = "customer_id";

/// Pure. An INI file: families and transforms of the features that tell customers apart; the others and the columns
/// `shares` are excluded.
std::string description_of(const std::vector<Feature>& features, const std::vector<std::string>& shares);

}  // namespace cardseg::transactions
