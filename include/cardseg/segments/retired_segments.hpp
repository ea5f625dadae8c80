// Numbers that a refresh has retired: no customer gets them, and no other segment does.
#pragma once

#include <vector>

#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

/// SegmentName::code of a number that is retired. Its centroid stays as the last one that it had, for the record.
inline constexpr const char* retired_code = "retired";

/// Pure. `segment` from 0.
bool is_retired(const Model& model, int segment);

/// The segments that customers can be in.
struct LiveSegments {
  std::vector<int> segment;      ///< from 0, ascending
  cluster::Centroids centroids;  ///< theirs
};

/// Pure.
LiveSegments live_segments(const Model& model);

/// Pure. Scores by live segments as scores by segments of the model, from row `first` on.
void number_scores(const LiveSegments& live, cluster::Scores& scores, std::int64_t first = 0);

}  // namespace cardseg::segments
