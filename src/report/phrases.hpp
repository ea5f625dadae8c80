// The templates of a language: parts of names, drivers, sentences and paragraphs about one trait each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/report/language.hpp"
#include "report/trait.hpp"

namespace cardseg::report {

/// How many customers a segment has.
struct SegmentSize {
  int segment = 0;
  std::int64_t customers = 0;
  double share = Trait::none;  ///< of the portfolio
};

class Phrases {
 public:
  virtual ~Phrases() = default;

  /// "high cash advance", for the middle of a name.
  virtual std::string name_part(const Trait& trait) const = 0;
  /// "Cash advance 4.1 x", without an arrow.
  virtual std::string driver(const Trait& trait) const = 0;
  /// What stands in a list: "high cash advance (4.1 times the average)".
  virtual std::string clause(const Trait& trait) const = 0;
  /// One or two whole sentences.
  virtual std::string statement(const Trait& trait) const = 0;
  virtual std::string statement(const Worth& worth) const = 0;

  virtual std::string sentence(const SegmentSize& size, const std::vector<std::string>& clauses) const = 0;
  virtual std::string opening(const SegmentSize& size) const = 0;
  virtual std::string close_name() const = 0;
  virtual std::string close_sentence(const SegmentSize& size) const = 0;
  /// Before the figures of a segment that is close to the portfolio.
  virtual std::string largest_of_small() const = 0;
  /// After figures: that there is nothing else.
  virtual std::string rest_is_close() const = 0;
  virtual std::string small_name() const = 0;
  virtual std::string small_sentence(std::int64_t min_cell) const = 0;
  virtual std::string silent_sentence(const SegmentSize& size) const = 0;
};

/// The one of a language; it lives as long as the program.
const Phrases& phrases_of(Language language);

/// From so many times the portfolio's mean up, and from its inverse down, a factor is said; between, both values.
inline constexpr double said_ratio = 1.5;
/// Below this share of the portfolio's mean there is as good as nothing.
inline constexpr double as_good_as_nothing = 0.05;
/// A share of zeros is said where it differs by so much ...
inline constexpr double said_zeros = 0.15;
/// ... and is not small in both.
inline constexpr double many_zeros = 0.3;

/// What a factor says of an amount.
enum class Comparison { nothing, next_to_nothing, factor, per_cent_less, difference, values };
Comparison comparison_of(const Trait& trait);

/// Whether a label names something that people have or have not: cash advances, not a rate, an index or an age.
bool is_thing(const Trait& trait);
/// The label is an age.
bool is_age(const Trait& trait);
/// Its first word says already what is high or low: "High balance".
bool begins_with_degree(const Trait& trait);
/// Zeros are worth a word.
bool has_said_zeros(const Trait& trait);
/// Most have zero, more than elsewhere, and that is how the segment differs.
bool is_mostly_zero(const Trait& trait);
/// Next to all have zero, so that a mean would say nothing.
bool is_next_to_all_zero(const Trait& trait);

/// The last word of what a label is about, in lower case: "number" of "Number of purchases", "days" of "Days since".
std::string head_of(const std::string& label);

/// What a flag's label says: "has mobile app", "is employee".
struct FlagNoun {
  std::string noun;
  bool is_property = false;  ///< "employee": customers are it; else they have it
};
FlagNoun noun_of(const std::string& label);

/// Two values as texts that differ where the values do.
struct TextPair {
  std::string here;
  std::string all;
};
TextPair shown_values(const Trait& trait, double here, double all, Language language);
/// A difference of values, without its sign.
std::string shown_difference(const Trait& trait, Language language);
/// 4.13 as "4.1".
std::string shown_ratio(double ratio, Language language);
/// 0.4237 as "42 %", next to all as "more than 99.9 %".
std::string shown_share(double share, Language language);
/// The same behind "only", where that goes with it: "only 3.0 %", "less than 0.1 %".
std::string only_share(double share, Language language);

/// How a language calls customers who have something.
struct WhoWords {
  const char* all;
  const char* nobody;
  const char* most;
};
/// Who in the segment has what the trait says: all, nobody, "only 3.0 %" where they are fewer than in the portfolio,
/// "most (62 %)" above half, else the share.
std::string who_of(const Trait& trait, const WhoWords& words, Language language);

std::string shown_value(double value, const std::string& label, const portfolio::ColumnWords& words, Language language);

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& parts, std::string_view last_joint);
/// With a capital first: also of the letters of Latin-1.
std::string capitalised(std::string text);
/// For the middle of a sentence; "ATM use" stays.
std::string in_the_middle(std::string label);

}  // namespace cardseg::report
