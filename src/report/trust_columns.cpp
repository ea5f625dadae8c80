#include "cardseg/report/trust_columns.hpp"

namespace cardseg::report {

std::vector<segments::SegmentColumn> trust_columns(const FitContent& content) {
  segments::SegmentColumn silhouette{"silhouette", {}};
  for (int j = 1; j <= content.profile.segments; ++j) silhouette.by_segment.emplace_back(content.silhouette(j));
  return {silhouette};
}

}  // namespace cardseg::report
