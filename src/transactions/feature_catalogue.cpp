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
     Summed::no, true, false, Transform::none, Needs::times},
    {"months_since_last", "Months since the last purchase", "months",
     "calendar month of as_of - calendar month of the last purchase", Summed::counts, true, false, Transform::none},
    {"t_x_days", "Days from first to last purchase", "days", "first_days - recency_days", Summed::counts, true, false,
     Transform::none},
    {"repeat_day_mean", "Mean spend of a repeat day", "money", "spend on active days but the first / repeat_days",
     Summed::no, true, false, Transform::log1p},
    {"effective_categories", "Effective number of categories", "count",
     "exp(- sum of p ln p), p: shares of spend by merchant category", Summed::no, true, false, Transform::none,
     Needs::categories},
    {"top_category_share", "Share of the top category", "share",
     "largest spend of a merchant category / spend with a category", Summed::no, true, false, Transform::none,
     Needs::categories},
    {"mix_change", "Change of the mix of categories", "ratio",
     "Jensen-Shannon divergence (base 2) of shares of spend by category, first half of the period against the second",
     Summed::no, true, false, Transform::none, Needs::categories},
    {"p_alive", "Probability of buying again", "share", "BG/NBD: P(alive given repeat_days, t_x_days, first_days)",
     Summed::no, true, false, Transform::none, Needs::horizon},
    {"expected_days", "Expected days with purchases", "days in the horizon",
     "BG/NBD: E(days with purchases in the horizon given repeat_days, t_x_days, first_days)", Summed::no, true, false,
     Transform::log1p, Needs::horizon},
    {"expected_day_value", "Expected spend of a day with purchases", "money",
     "Gamma-Gamma: E(spend of a day with purchases given repeat_days, repeat_day_mean)", Summed::no, true, false,
     Transform::log1p, Needs::horizon},
    {"lifetime_value", "Expected spend", "money in the horizon", "expected_days * expected_day_value, not discounted",
     Summed::no, true, false, Transform::log1p, Needs::horizon},
    {"statement_months", "Months with a statement", "months", "statements of months of the period", Summed::counts,
     false, false, Transform::none, Needs::statements},
    {"balance_mean", "Mean balance", "money", "mean of balance", Summed::no, true, false, Transform::signed_log,
     Needs::statements},
    {"utilisation_mean", "Mean utilisation", "share", "mean of max(balance, 0) / limit, of limits above 0", Summed::no,
     true, false, Transform::none, Needs::limits},
    {"utilisation_max", "Highest utilisation", "share", "largest max(balance, 0) / limit", Summed::no, true, false,
     Transform::none, Needs::limits},
    {"utilisation_trend", "Trend of utilisation", "share a month",
     "least-squares slope of max(balance, 0) / limit by month, of 2 statements or more", Summed::no, true, false,
     Transform::none, Needs::limits},
    {"over_limit_months", "Months over the limit", "months", "statements with balance > limit", Summed::counts, false,
     false, Transform::none, Needs::limits},
    {"payment_ratio", "Share of dues that was paid", "share", "sum of payments / sum of the balances that fell due",
     Summed::no, true, false, Transform::none, Needs::payments},
    {"full_share", "Months paid in full", "share", "dues with payment >= balance / dues", Summed::no, true, false,
     Transform::none, Needs::payments},
    {"minimum_share", "Months with the minimum payment", "share",
     "dues with payment < balance and <= 1.1 * minimum / dues with a minimum", Summed::no, true, false, Transform::none,
     Needs::minimums},
    {"interest_share", "Months with interest", "share", "statements with interest > 0 / statements with interest",
     Summed::no, true, false, Transform::none, Needs::interest},
    {"interest_sum", "Interest", "money", "sum of interest", Summed::money, false, false, Transform::log1p,
     Needs::interest},
    {"fee_sum", "Fees", "money", "sum of fees", Summed::money, false, false, Transform::log1p, Needs::fees},
    {"delinquent_months", "Months past due", "months", "statements with past_due > 0", Summed::counts, false, false,
     Transform::none, Needs::past_due},
    {"past_due_max", "Most days past due", "days", "largest past_due, 0 or more", Summed::counts, false, false,
     Transform::none, Needs::past_due},
    {"payer_class", "Class of payer", "class",
     "transactor: full_share >= 0.9, revolver: <= 0.1, transitioner: between; dormant: owed and paid nothing",
     Summed::no, false, false, Transform::none, Needs::payments, true},
    {"r_score", "Recency score", "score 0 to 5", "5 - cuts of recency_days below its value; 0 without purchases",
     Summed::counts, false, false, Transform::none},
    {"f_score", "Frequency score", "score 0 to 5", "1 + cuts of purchases below its value; 0 without purchases",
     Summed::counts, false, false, Transform::none},
    {"m_score", "Money score", "score 0 to 5", "1 + cuts of amount_sum below its value; 0 without purchases",
     Summed::counts, false, false, Transform::none},
    {"rfm_class", "Class by scores", "class", "the first line of [grid] that holds r_score, f_score and m_score",
     Summed::no, false, false, Transform::none, Needs::grid, true},
}};

constexpr core::EnumNames<Needs> needs_words = {
    "nothing",
    "times",
    "merchant categories",
    "a horizon",
    "a [grid] in the file of groups",
    "statements",
    "statements with a limit",
    "statements with payments",
    "statements with a minimum due",
    "statements with interest",
    "statements with fees",
    "statements with days past due",
};

constexpr auto features_in_order = [] {
  std::array<Feature, feature_count> all{};
  for (std::size_t f = 0; f < feature_count; ++f) all[f] = static_cast<Feature>(f);
  return all;
}();

io::ColumnSpec share(const std::string& name, const std::string& formula) {
  io::ColumnSpec spec{name, io::ColumnType::float64};
  spec.notes = {{"unit", "share"}, {"formula", formula}};
  return spec;
}

}  // namespace

const FeatureFacts& facts_of(Feature feature) { return catalogue[static_cast<std::size_t>(feature)]; }

std::span<const Feature> all_features() { return features_in_order; }

std::vector<Feature> chosen_features(const std::vector<std::string>& names, const std::set<Needs>& supplies) {
  std::vector<std::string> known;
  for (const FeatureFacts& facts : catalogue) known.emplace_back(facts.name);
  for (const std::string& name : names)
    if (std::ranges::find(known, name) == known.end()) throw core::unknown_name(name, known, core::field("features"));
  std::vector<Feature> chosen;
  for (const Feature feature : features_in_order) {
    const FeatureFacts& facts = facts_of(feature);
    const bool is_named = std::ranges::find(names, facts.name) != names.end();
    const bool is_supplied = facts.needs == Needs::nothing || supplies.contains(facts.needs);
    if (is_named && !is_supplied && facts.needs >= Needs::horizon)
      throw core::Error(core::ExitCode::usage, std::string(facts.name) + " needs " + needs_words[facts.needs])
          .remedy("Look at " + core::field("horizon") + ", " + core::field("groups") + " and " +
                  core::field("statements"));
    if (is_named || (names.empty() && is_supplied)) chosen.push_back(feature);
  }
  return chosen;
}

io::ColumnSpec column_of(Feature feature) {
  const FeatureFacts& facts = facts_of(feature);
  const bool is_count = facts.summed == Summed::counts && !facts.may_be_missing;
  io::ColumnSpec spec{facts.name, is_count ? io::ColumnType::int64 : io::ColumnType::float64};
  if (facts.is_text) spec.type = io::ColumnType::text;
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
