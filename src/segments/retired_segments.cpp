#include "cardseg/segments/retired_segments.hpp"

#include <algorithm>
#include <span>

namespace cardseg::segments {

bool is_retired(const Model& model, int segment) {
  const auto at = static_cast<std::size_t>(segment);
  return at < model.names.size() && model.names[at].code == retired_code;  // a model without names has none
}

LiveSegments live_segments(const Model& model) {
  LiveSegments live;
  for (int j = 0; j < model.segments(); ++j)
    if (!is_retired(model, j)) live.segment.push_back(j);
  live.centroids = cluster::Centroids(static_cast<int>(live.segment.size()), model.centroids.features);
  for (std::size_t i = 0; i < live.segment.size(); ++i)
    std::copy_n(model.centroids.row(live.segment[i]), model.centroids.features,
                live.centroids.row(static_cast<int>(i)));
  return live;
}

void number_scores(const LiveSegments& live, cluster::Scores& scores, std::int64_t first) {
  const auto number = [&](std::int32_t& segment) {
    if (segment >= 0) segment = live.segment[static_cast<std::size_t>(segment)];
  };
  std::ranges::for_each(std::span(scores.segment).subspan(static_cast<std::size_t>(first)), number);
  std::ranges::for_each(std::span(scores.second).subspan(static_cast<std::size_t>(first)), number);
}

}  // namespace cardseg::segments
