// The thresholds that rules may have: rounded in a column's own units first, then put into feature space.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/portfolio/encoder.hpp"
#include "cardseg/portfolio/feature_layout.hpp"
#include "cardseg/profile/rules.hpp"

namespace cardseg::profile {

/// The most thresholds of a feature: they make 256 bins.
inline constexpr int most_edges = 255;

/// Thresholds of a feature, the smallest first, all different.
struct FeatureEdges {
  std::vector<double> edge;      ///< in feature space, rounded as features are stored
  std::vector<double> original;  ///< as it is printed: of whole numbers a whole number. Of shares nothing is printed
  double missing = 0.0;          ///< the feature of a missing value; NaN: there is none

  int bins() const { return static_cast<int>(edge.size()) + 1; }
};

/// Pure. The number with the fewest decimal digits in [low, high], of several the nearest to the middle.
double roundest_between(double low, double high);

/// Finds bins: bin b holds x with edge[b - 1] < x <= edge[b].
class RuleEdges {
 public:
  /// `centroids`: those that thresholds are to tell apart. Between the smallest and the largest of a feature lie the
  /// midpoints of neighbours, and even steps. T is the type in which features are stored.
  template <class T>
  static RuleEdges between(const cluster::Centroids& centroids, const std::vector<portfolio::FittedColumn>& columns,
                           const portfolio::FeatureLayout& layout, T stored_as);

  int features() const { return static_cast<int>(of_.size()); }
  const FeatureEdges& of(int feature) const { return of_[static_cast<std::size_t>(feature)]; }
  int bin(int feature, double x) const;
  Condition condition(int feature, int edge, bool is_above) const;

  /// The place of a feature's first bin in a table of all.
  int first_bin(int feature) const { return first_bin_[static_cast<std::size_t>(feature)]; }
  int all_bins() const { return first_bin_.back(); }

 private:
  /// Even cells over a feature's edges: a bin in each that no value of the cell is below.
  struct Grid {
    double low = 0.0;
    double cells_per_unit = 0.0;
    std::vector<std::uint8_t> bin;
  };

  explicit RuleEdges(std::vector<FeatureEdges> of);

  std::vector<FeatureEdges> of_;
  std::vector<int> first_bin_ = {0};
  std::vector<Grid> grids_;
};

}  // namespace cardseg::profile
