#include "cardseg/transactions/feature_catalogue.hpp"

#include <algorithm>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::transactions {
namespace {

using portfolio::Transform;

// Docs/features.md says the same with more words; a test compares names, units and formulas.
constexpr std::array<FeatureFacts, feature_count> catalogue = {{
    {"recency_days", "Days since the last purchase", "days", "as_of - last day with a purchase", Summed::counts, true,
     true, Transform::log1p},
    {"purchases", "Purchases", "count", "transactions with an amount of 0 or more", Summed::counts, false, true,
     Transform::log1p},
    {"active_days", "Days with purchases", "days", "different days with a purchase", Summed::counts, false, false,
     Transform::log1p},
    {"active_months", "Months with purchases", "months", "different calendar months with a purchase", Summed::counts,
     false, false, Transform::none},
    {"repeat_days", "Days with repeat purchases", "days", "max(active_days - 1, 0)", Summed::counts, false, false,
     Transform::log1p},
    {"amount_sum", "Spend", "money", "sum of the amounts of purchases", Summed::money, false, true, Transform::log1p},
    {"amount_mean", "Mean purchase", "money", "amount_sum / purchases", Summed::no, true, true, Transform::log1p},
    {"amount_median", "Median purchase", "money", "median of the amounts of purchases", Summed::no, true, false,
     Transform::log1p},
    {"largest_share", "Share of the largest purchase", "share", "largest purchase / amount_sum", Summed::no, true,
     false, Transform::none},
    {"refunds", "Refunds", "count", "transactions with an amount below 0", Summed::counts, false, false,
     Transform::log1p},
    {"refund_sum", "Refunded", "money", "- sum of the amounts of refunds", Summed::money, false, false,
     Transform::log1p},
    {"first_days", "Days since the first purchase", "days", "as_of - first day with a purchase", Summed::counts, true,
     false, Transform::none},
    {"gap_mean_days", "Days between purchases", "days", "t_x_days / (active_days - 1), of 2 active days or more",
     Summed::no, true, false, Transform::log1p},
    {"gap_cv", "Variation of the days between purchases", "ratio",
     "population sd / mean of the gaps between active days, of 3 active days or more", Summed::no, true, false,
     Transform::none},
    {"clumpiness", "Clumpiness", "ratio",
     "1 + sum of x ln x / ln(active_days + 1), x: the gaps before, between and behind active days / (N + 1), N days in "
     "the period",
     Summed::no, true, false, Transform::none},
    {"trend", "Trend of spend", "money a month",
     "least-squares slope of spend by calendar month, from the first purchase's to that of as_of, of 2 months or more",
     Summed::no, true, false, Transform::signed_log},
    {"change_3m", "Change over three months", "ratio",
     "(a - b) / (a + b), a: spend of the last 3 months, b: of the 3 "
     "before",
     Summed::no, true, false, Transform::none},
    {"first_90_sum", "Spend in the first 90 days", "money", "sum of purchases on days 0 to 89 from the first",
     Summed::money, false, false, Transform::log1p},
    {"weekend_share", "Share of purchases on weekends", "share", "purchases on Saturdays and Sundays / purchases",
     Summed::no, true, false, Transform::none},
    {"night_share", "Share of purchases at night", "share", "purchases from 22:00 to 05:59 / purchases with a time",
     Summed::no, true, false, Transform::none},
    {"months_since_last", "Months since the last purchase", "months",
     "calendar month of as_of - calendar month of the last purchase", Summed::counts, true, false, Transform::none},
    {"t_x_days", "Days from first to last purchase", "days", "first_days - recency_days", Summed::counts, true, false,
     Transform::none},
    {"repeat_day_mean", "Mean spend of a repeat day", "money", "spend on active days but the first / repeat_days",
     Summed::no, true, false, Transform::log1p},
    {"effective_categories", "Effective number of categories", "count",
     "exp(- sum of p ln p), p: shares of spend by merchant category", Summed::no, true, false, Transform::none},
    {"top_category_share", "Share of the top category", "share",
     "largest spend of a merchant category / spend with a category", Summed::no, true, false, Transform::none},
    {"mix_change", "Change of the mix of categories", "ratio",
     "Jensen-Shannon divergence (base 2) of shares of spend by category, first half of the period against the second",
     Summed::no, true, false, Transform::none},
    {"p_alive", "Probability of buying again", "share", "BG/NBD: P(alive given repeat_days, t_x_days, first_days)",
     Summed::no, true, false, Transform::none},
    {"expected_days", "Expected days with purchases", "days in the horizon",
     "BG/NBD: E(days with purchases in the horizon given repeat_days, t_x_days, first_days)", Summed::no, true, false,
     Transform::log1p},
    {"expected_day_value", "Expected spend of a day with purchases", "money",
     "Gamma-Gamma: E(spend of a day with purchases given repeat_days, repeat_day_mean)", Summed::no, true, false,
     Transform::log1p},
    {"lifetime_value", "Expected spend", "money in the horizon", "expected_days * expected_day_value, not discounted",
     Summed::no, true, false, Transform::log1p},
    {"r_score", "Recency score", "score 0 to 5", "5 - cuts of recency_days below its value; 0 without purchases",
     Summed::counts, false, false, Transform::none},
    {"f_score", "Frequency score", "score 0 to 5", "1 + cuts of purchases below its value; 0 without purchases",
     Summed::counts, false, false, Transform::none},
    {"m_score", "Money score", "score 0 to 5", "1 + cuts of amount_sum below its value; 0 without purchases",
     Summed::counts, false, false, Transform::none},
}};

constexpr auto features_in_order = [] {
  std::array<Feature, feature_count> all{};
  for (std::size_t f = 0; f < feature_count; ++f) all[f] = static_cast<Feature>(f);
  return all;
}();

bool needs_categories(Feature feature) {
  return feature == Feature::effective_categories || feature == Feature::top_category_share ||
         feature == Feature::mix_change;
}

bool needs_horizon(Feature feature) { return feature >= Feature::p_alive && feature <= Feature::lifetime_value; }

io::ColumnSpec share(const std::string& name, const std::string& formula) {
  io::ColumnSpec spec{name, io::ColumnType::float64};
  spec.notes = {{"unit", "share"}, {"formula", formula}};
  return spec;
}

}  // namespace

const FeatureFacts& facts_of(Feature feature) { return catalogue[static_cast<std::size_t>(feature)]; }

std::span<const Feature> all_features() { return features_in_order; }

std::vector<Feature> chosen_features(const std::vector<std::string>& names, const Extras& extras) {
  std::vector<std::string> known;
  for (const FeatureFacts& facts : catalogue) known.emplace_back(facts.name);
  for (const std::string& name : names)
    if (std::ranges::find(known, name) == known.end()) throw core::unknown_name(name, known, core::field("features"));
  std::vector<Feature> chosen;
  for (const Feature feature : features_in_order) {
    const bool is_named = std::ranges::find(names, facts_of(feature).name) != names.end();
    const bool is_default = names.empty() && (extras.has_times || feature != Feature::night_share) &&
                            (extras.has_categories || !needs_categories(feature)) &&
                            (extras.has_horizon || !needs_horizon(feature));
    if (is_named && needs_horizon(feature) && !extras.has_horizon)
      throw core::Error(core::ExitCode::usage,
                        std::string(facts_of(feature).name) + " needs a " + core::field("horizon"))
          .remedy("Say how far it reaches: " + core::field("horizon") + " 12m");
    if (is_named || is_default) chosen.push_back(feature);
  }
  return chosen;
}

io::ColumnSpec column_of(Feature feature) {
  const FeatureFacts& facts = facts_of(feature);
  const bool is_count = facts.summed == Summed::counts && !facts.may_be_missing;
  io::ColumnSpec spec{facts.name, is_count ? io::ColumnType::int64 : io::ColumnType::float64};
  spec.notes = {{"unit", facts.unit}, {"formula", facts.formula}};
  return spec;
}

io::ColumnSpec share_column(const std::string& group) {
  return share("share_" + group, "spend of purchases in the group of merchant categories / amount_sum");
}

io::ColumnSpec channel_column(const std::string& group) {
  return share("channel_" + group, "purchases through the group of channels / purchases");
}

}  // namespace cardseg::transactions
