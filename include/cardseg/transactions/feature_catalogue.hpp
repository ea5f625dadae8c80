// The features that `cardseg rfm` computes of a customer's transactions: names, formulas, units.
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/io/table.hpp"
#include "cardseg/portfolio/description.hpp"

namespace cardseg::transactions {

/// In the order of the shards' columns.
enum class Feature {
  recency_days,
  purchases,
  active_days,
  active_months,
  repeat_days,
  amount_sum,
  amount_mean,
  amount_median,
  largest_share,
  refunds,
  refund_sum,
  first_days,
  gap_mean_days,
  gap_cv,
  clumpiness,
  trend,
  change_3m,
  first_90_sum,
  weekend_share,
  night_share,
  months_since_last,
  t_x_days,
  repeat_day_mean,
  effective_categories,
  top_category_share,
  mix_change,
  p_alive,
  expected_days,
  expected_day_value,
  lifetime_value,
  statement_months,
  balance_mean,
  utilisation_mean,
  utilisation_max,
  utilisation_trend,
  over_limit_months,
  payment_ratio,
  full_share,
  minimum_share,
  interest_share,
  interest_sum,
  fee_sum,
  delinquent_months,
  past_due_max,
  payer_class,
  r_score,
  f_score,
  m_score,
  rfm_class,
};
inline constexpr std::size_t feature_count = static_cast<std::size_t>(Feature::rfm_class) + 1;

/// How a customer pays; what `payer_class` says.
enum class PayerClass { unknown, transactor, revolver, transitioner, dormant };
inline constexpr core::EnumNames<PayerClass> payer_class_names = {"unknown", "transactor", "revolver", "transitioner",
                                                                  "dormant"};

/// What a feature needs beside customer, day and amount of transactions.
enum class Needs {
  nothing,
  times,
  categories,
  horizon,  ///< over which lifetime values reach
  grid,     ///< of scores
  statements,
  limits,  ///< these and the following: a column of the statements
  payments,
  minimums,
  interest,
  fees,
  past_due
};

/// How values of a feature are added up exactly.
enum class Summed {
  counts,  ///< whole numbers
  money,   ///< whole numbers of the smallest unit of money
  no       ///< ratios: not at all
};

struct FeatureFacts {
  const char* name;
  const char* label;
  const char* unit;
  const char* formula;
  Summed summed;
  bool may_be_missing;  ///< stored as float64, with NaN for a missing value
  bool is_distance;     ///< a feature of the description that is written beside the shards; others are left out there
  portfolio::Transform transform;
  Needs needs = Needs::nothing;
  bool is_text = false;  ///< its value is the number of a word
};

const FeatureFacts& facts_of(Feature feature);
/// Every feature, in order.
std::span<const Feature> all_features();

/// Those of these names in the order of the catalogue; for an empty list all that `supplies` allow. Features of times
/// and categories may be named without these being there: values are missing then. Throws core::Error(usage) that names
/// an unknown feature, or one that needs what is not there.
std::vector<Feature> chosen_features(const std::vector<std::string>& names, const std::set<Needs>& supplies);

/// The column of a shard with its unit and formula as notes.
io::ColumnSpec column_of(Feature feature);

/// The column of a group's share: share_groceries, channel_online.
io::ColumnSpec share_column(const std::string& group);
io::ColumnSpec channel_column(const std::string& group);

/// Values of all features of one customer; NaN: missing. Money in whole units.
using FeatureValues = std::array<double, feature_count>;
inline double& at(FeatureValues& values, Feature feature) { return values[static_cast<std::size_t>(feature)]; }
inline double at(const FeatureValues& values, Feature feature) { return values[static_cast<std::size_t>(feature)]; }

}  // namespace cardseg::transactions
