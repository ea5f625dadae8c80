// One customer's statements become features.
#pragma once

#include <cstdint>
#include <span>

#include "cardseg/transactions/feature_catalogue.hpp"
#include "transactions/statement.hpp"

namespace cardseg::transactions {

/// Pure. Sets the features of statements in `values`. `statements`: of one customer, one a month, ascending.
/// `minor_units`: decimals of money.
void set_statement_features(std::span<const Statement> statements, int minor_units, FeatureValues& values);

/// Pure. True where a month between the first and the last has no statement.
bool has_gaps(std::span<const Statement> statements);

}  // namespace cardseg::transactions
