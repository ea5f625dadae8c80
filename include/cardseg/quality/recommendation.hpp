// Which number of segments a study recommends, if any.
//
// A number is a candidate where each of its segments is stable beyond chance (stability.hpp) and where the gap is above
// its standard error: segments that come again and that are tighter than data without segments would make them. The
// largest candidate is recommended: what is finer than the structure is not found again, what is coarser may well be.
// No candidate, no recommendation.
#pragma once

#include <vector>

#include "cardseg/quality/stability.hpp"

namespace cardseg::quality {

/// What speaks for and against one number of segments.
struct StudiedStability {
  int segments = 0;
  Stability stability;

  /// Times that data without segments are as unstable: of the mean segment, and of the least stable one. NaN: not
  /// known.
  double mean_ratio() const;
  double least_ratio() const;
};

struct Recommendation {
  int segments = 0;             ///< 0: no clear answer
  int runner_up = 0;            ///< the next largest candidate; 0: none
  std::vector<int> candidates;  ///< in ascending order
  int preferred_by_gap = 0;     ///< least k with gap(k) >= gap(k + 1) - its error, of neighbours studied; 0: none
  int tested = 0;               ///< numbers of segments that could be tested

  bool is_candidate(int k) const;
};

/// Pure. `studied` in ascending order of segments. `stable_ratio`: from which on a segment is stable beyond chance.
Recommendation recommend(const std::vector<StudiedStability>& studied, double stable_ratio);

}  // namespace cardseg::quality
