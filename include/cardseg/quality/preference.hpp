// Which number of segments each criterion prefers. None of them knows what the segments are for.
#pragma once

#include <string>
#include <vector>

#include "cardseg/quality/studied_model.hpp"

namespace cardseg::quality {

/// One criterion and the number of segments for which it is best.
struct Preference {
  std::string criterion;
  int segments = 0;
};

/// Pure. Of the criteria that are defined for at least one model; the smaller number where two are equally good. The
/// inertia is not among them: it falls with every further segment.
std::vector<Preference> preferred_segments(const std::vector<StudiedModel>& models);

/// What the preferences of all criteria come to.
struct Consensus {
  int segments = 0;    ///< that most criteria prefer; the smaller number of two with as many
  int supporters = 0;  ///< criteria that prefer it
  int criteria = 0;

  bool is_unanimous() const { return supporters == criteria; }
};

/// Pure. `preferences` are not empty.
Consensus consensus_of(const std::vector<Preference>& preferences);

}  // namespace cardseg::quality
