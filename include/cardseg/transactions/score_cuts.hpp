// Scores of recency, frequency and money: 1 to 5, by cut points that all customers share.
//
// Five scores have four cut points. A value gets the score of the interval that it lies in; equal values have equal
// scores, always, and a value on a cut point belongs to the lower interval. Without given cuts these are the quantiles
// 0.2, 0.4, 0.6 and 0.8 of customers with purchases: of n values in order, the one with floor((n - 1) p) before it
// (numpy's method "lower").
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace cardseg::transactions {

inline constexpr const char* cuts_name = "cuts.json";
inline constexpr std::size_t cut_count = 4;
using Cuts = std::array<std::int64_t, cut_count>;

struct ScoreCuts {
  Cuts recency_days{};
  Cuts purchases{};
  Cuts amount_sum{};  ///< in the smallest unit of money

  bool operator==(const ScoreCuts&) const = default;
};

/// 1 where the value is not above the first cut, 5 where it is above the last.
int score(std::int64_t value, const Cuts& cuts);

/// cuts.json. `minor_units`: decimals of money. `as_of`, `window`: of the transactions that they were found on.
std::string cuts_json(const ScoreCuts& cuts, int minor_units, const std::string& as_of, const std::string& window);
/// Throws core::Error(bad_data) where `text` is no such file, its cuts are not in order, or have more decimals.
ScoreCuts cuts_from_json(const std::string& text, int minor_units);

}  // namespace cardseg::transactions
