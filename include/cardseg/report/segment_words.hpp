// What sets each segment apart, in words: names, sentences and paragraphs that a person could have written.
//
// Templates know what a column is: an amount, a share, days, a flag, a level. A ratio is said only where it makes
// sense; "on average" only of means; medians and zeros where a column is skewed; "most" only of more than half. Columns
// that are kept out of the distance are not named: only those that shaped the segments, and what segments are worth.
#pragma once

#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"
#include "cardseg/report/language.hpp"

namespace cardseg::report {

struct SegmentWords {
  std::string name;                  ///< at most `longest_name` characters: "High cash advance, low payments"
  std::string sentence;              ///< how many customers, and the same with figures
  std::string paragraph;             ///< several sentences
  std::vector<std::string> drivers;  ///< at most 3, an arrow first: "↑ Cash advance 4.1 x"; none of a segment that is
                                     ///< close to the portfolio, or too small to be described
};

/// Characters of a name that is made; a number that tells it from another may come on top.
inline constexpr std::size_t longest_name = 44;

/// Pure. One a segment. No two names are the same: of segments that would have one name, all but the first name a
/// further difference, or where there is none, a number. Withheld figures are not said.
std::vector<SegmentWords> segment_words(const profile::Profile& profile, Language language = Language::en);

}  // namespace cardseg::report
