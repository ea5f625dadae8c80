// How a segment differs from the portfolio in one column: the figures that words are made of, in no language yet.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"

namespace cardseg::report {

struct Trait {
  enum class Kind {
    amount,   ///< `here` and `all` are means
    flag,     ///< of customers that have it: shares
    level,    ///< of customers with `level`: shares
    ordinal,  ///< `level` and `usual_level` are the medians
  };
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  Kind kind = Kind::amount;
  std::size_t column = 0;
  std::string label;               ///< as people read it, no control characters, no underscores
  std::vector<std::string> topic;  ///< words of the label by which others are about the same
  portfolio::ColumnWords words;
  std::string level;
  std::string usual_level;
  bool is_without = false;  ///< of a flag: shares are of those that do not have it
  double effect = 0.0;      ///< profile::Driver::effect
  double here = none;
  double all = none;
  double ratio = none;        ///< here / all, where that makes sense
  double median_here = none;  ///< of a skewed column, where both are above zero and tell the same direction
  double median_all = none;
  double zeros_here = none;  ///< shares of customers
  double zeros_all = none;

  bool is_up() const { return effect > 0; }
};

/// Below this size of an effect nobody would notice a difference (Cohen 1988: "small").
inline constexpr double least_effect = 0.2;

/// Pure. What can be said of a segment (from 1), most different first.
std::vector<Trait> traits_of(const profile::Profile& profile, int segment);

/// A value column of a segment.
struct Worth {
  std::size_t column = 0;
  std::string label;
  portfolio::ColumnWords words;
  double share = Trait::none;  ///< of the portfolio's total
  double here = Trait::none;   ///< means
  double all = Trait::none;
};

/// Pure. What can be said of a segment's worth, in the order of the description's value columns.
std::vector<Worth> worth_of(const profile::Profile& profile, int segment);

/// Pure. Text of a label or a level that can stand in a sentence.
std::string spoken(const std::string& text);

}  // namespace cardseg::report
