// Rules that come close to a segmentation: trees of thresholds and a short rule a segment, with how often each is
// right. The model itself decides by distance; a rule is for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/portfolio/encoder.hpp"
#include "cardseg/portfolio/feature_layout.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

/// On which side of a threshold a customer's feature lies.
struct Condition {
  int feature = 0;
  double edge = 0.0;      ///< in feature space, as the model stores features: x <= edge, or x > edge where is_above
  double original = 0.0;  ///< of numbers the threshold as it is printed, in the column's own units
  bool is_above = false;
  bool takes_missing = false;  ///< a customer without a value meets it, by what stands for the value

  bool operator==(const Condition&) const = default;
};

/// All conditions together, and the segment whose customers it is to find.
struct Rule {
  int segment = 0;  ///< from 1
  std::vector<Condition> conditions;
  Count customers;   ///< that meet it
  Figure precision;  ///< share of these who are in the segment
  Figure recall;     ///< share of the segment's customers who meet it
  Figure lift;       ///< precision by the segment's share of all customers
};

/// A tree of thresholds; each leaf gives its customers a segment.
struct RuleTree {
  std::vector<Rule> leaves;  ///< from the left, where features are small; each of the conditions that lead to it
  int depth = 0;             ///< conditions from the root to the deepest leaf
  /// Sum of squared distances to the means of those whom it gives each segment, by the model's, to three decimals.
  double cost = 0.0;
  double own_share = 0.0;              ///< of customers whose leaf has their own segment, to three decimals
  std::vector<Figure> own_by_segment;  ///< the same of each segment, segment 1 first
};

/// How well a segment is told by rules; NaN where it is withheld or there is no rule.
struct Explained {
  double own_share = 0.0;  ///< of its customers, those that the tree with a leaf a segment gives it
  double precision = 0.0;  ///< of its best rule
  double recall = 0.0;     ///< likewise
};

struct Rules {
  /// With a leaf for each segment that is not withheld, then grown to twice and four times as many; fewer leaves where
  /// no further one would make it better, or its customers would be too few to be told of. Empty: one segment, or more
  /// than most_tree_segments.
  std::vector<RuleTree> trees;
  std::vector<std::optional<Rule>> best;  ///< by segment; none where no rule may be told
  std::int64_t customers = 0;             ///< all
  std::int64_t sampled = 0;               ///< that rules and leaves beyond one a segment were looked for among
  std::int64_t min_cell = 0;              ///< as Profile::min_cell

  /// Pure. One entry a segment.
  std::vector<Explained> explained() const;
};

/// A condition is at most this many of a rule.
inline constexpr int most_conditions = 3;
/// Of more segments no rules are made.
inline constexpr int most_tree_segments = 128;

/// Pure. A rule as cardseg list and a filter of customers take it: `balance <= 1200 and region = "north"`. Where
/// missing values meet a condition it says so. Empty: everybody.
std::string rule_text(const Rule& rule, const std::vector<portfolio::FittedColumn>& columns,
                      const portfolio::FeatureLayout& layout);

/// rules.csv: segment, kind, rule, customers, precision, recall, lift. Kinds: rule, tree, tree_2k, tree_4k.
std::string rules_csv(const Rules& rules, const std::vector<portfolio::FittedColumn>& columns,
                      const portfolio::FeatureLayout& layout);

}  // namespace cardseg::profile
