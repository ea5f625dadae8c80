// One customer's transactions become one row of features.
//
// Days, counts and money are integers to the end; each ratio is one division of two of them, or a sum in a fixed order.
// Cost: a sort of the customer's purchases by amount.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cardseg/transactions/feature_catalogue.hpp"
#include "cardseg/transactions/lifetime_models.hpp"
#include "cardseg/transactions/period.hpp"
#include "transactions/transaction.hpp"

namespace cardseg::transactions {

/// What all customers' features are reckoned from.
struct FeatureDates {
  Day as_of = 0;
  Day second_half = 0;   ///< its first day
  Day period_first = 0;  ///< of the window, or the first day on which anybody bought
  Day three_months_before = 0;
  Day six_months_before = 0;

  FeatureDates() = default;
  FeatureDates(Day as_of_day, Day first_day_of_period);
};

/// The three that scores are made of; money in its smallest unit.
struct ScoreBasis {
  std::int64_t recency_days = 0;
  std::int64_t purchases = 0;
  std::int64_t amount_sum = 0;
};

/// Pure. `transactions`: of one customer, in the order of Transaction, all within the period.
ScoreBasis score_basis(std::span<const Transaction> transactions, const FeatureDates& dates);

/// Pure. What models of lifetime value know of the customer; nothing where there is no purchase.
std::optional<RepeatPurchases> repeat_purchases(std::span<const Transaction> transactions, const FeatureDates& dates);

/// Pure. All features but the scores, which are 0, and those of lifetime value, which are missing. `minor_units`:
/// decimals of money.
FeatureValues compute_features(std::span<const Transaction> transactions, const FeatureDates& dates, int minor_units);

/// Pure. Shares of spend by group of merchant categories, then shares of purchases by group of channels; NaN where
/// there is no spend, or no purchase.
std::vector<double> compute_shares(std::span<const Transaction> transactions, std::size_t groups, std::size_t channels);

}  // namespace cardseg::transactions
