// What became of each segment when a model is refreshed, in MONIC's terms (Spiliopoulou et al. 2006), and which number
// each new segment has.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/quality/adjusted_rand.hpp"

namespace cardseg::monitor {

/// survived: most of its customers are in its partner. split: in several new segments, of which its partner keeps its
/// number. merged: most are in another one's partner. vanished: they are nowhere in particular, or there are none.
enum class Fate { survived, split, merged, vanished };
inline constexpr core::EnumNames<Fate> fate_names = {"survived", "split", "merged", "vanished"};
inline const char* name_of(Fate fate) { return fate_names[fate]; }

/// Of an old segment's customers: the share that makes a survivor (or of which a part-taker must have together), and
/// that of each part of a split.
inline constexpr double survivor_share = 0.5;
inline constexpr double part_share = 0.25;

struct OldSegment {
  Fate fate = Fate::vanished;
  std::int64_t customers = 0;  ///< that the old model puts there
  std::int64_t kept = 0;       ///< of these, in the new segment of its number
  std::vector<int> to;         ///< new segments, from 0: the survivor or the parts, the largest first; empty: vanished
};

struct SegmentFates {
  std::vector<OldSegment> old;
  /// Of each new segment the old one, from 0, whose number it has; or one of these.
  std::vector<int> same_old;

  static constexpr int is_new = -1;
  static constexpr int is_nobody = -2;
};

/// Pure. `shared`: customers by the segment that the old model and the new one give them, on the same values; new
/// segments began as the old ones of their place. Partners are those of match_segments. A segment that nobody is in by
/// either model keeps its number: its customers may come back.
SegmentFates segment_fates(const quality::Contingency& shared);

}  // namespace cardseg::monitor
