#include "cardseg/portfolio/feature_layout.hpp"

#include <algorithm>

namespace cardseg::portfolio {

FeatureLayout::FeatureLayout(const std::vector<FittedColumn>& columns) {
  int begin = 0;
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    const FittedColumn& column = columns[static_cast<std::size_t>(i)];
    if (!column.is_feature()) continue;
    const int end = begin + width(column.encoder);
    blocks_.push_back({i, begin, end});
    begin = end;
  }
}

const FeatureBlock& FeatureLayout::block_of(int feature) const {
  return *std::ranges::upper_bound(blocks_, feature, {}, &FeatureBlock::end);
}

}  // namespace cardseg::portfolio
