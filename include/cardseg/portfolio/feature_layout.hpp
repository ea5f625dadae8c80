// Which features belong to which column: the only place that knows how many features there are.
#pragma once

#include <string>
#include <vector>

#include "cardseg/portfolio/encoder.hpp"

namespace cardseg::portfolio {

/// The features [begin, end) of a column.
struct FeatureBlock {
  int column = 0;  ///< index into the columns that the layout was made of
  int begin = 0;
  int end = 0;

  int width() const { return end - begin; }
};

/// Blocks in the order of their columns, without gaps: the features of a matrix and of centroids.
class FeatureLayout {
 public:
  FeatureLayout() = default;
  /// Pure. The blocks of the columns that are features.
  explicit FeatureLayout(const std::vector<FittedColumn>& columns);

  int features() const { return blocks_.empty() ? 0 : blocks_.back().end; }
  /// One for each column with features.
  const std::vector<FeatureBlock>& blocks() const { return blocks_; }
  /// The block that holds a feature. Precondition: 0 <= feature < features().
  const FeatureBlock& block_of(int feature) const;

 private:
  std::vector<FeatureBlock> blocks_;
};

}  // namespace cardseg::portfolio
