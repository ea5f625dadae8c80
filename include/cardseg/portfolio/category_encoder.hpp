// The encoder of categories: a level becomes a block of indicators, and back.
#pragma once

namespace cardseg::portfolio {

/// One feature a level, sqrt(weight) where a customer has it and 0 where not: two customers of different levels are
/// weight * 2 apart in squared distance, and a centroid holds sqrt(weight) times the shares of its customers' levels.
/// Never z-scored: a rare level would weigh more than a frequent one. A level that was not known at the fit, and had no
/// rare ones to join, is 0 in all.
struct CategoryEncoder {
  int levels = 0;    ///< features, with those of other and missing ones
  int known = 0;     ///< the first of them, raw numbers 0 to known - 1
  int other = -1;    ///< feature of unknown levels; -1: they have none
  int missing = -1;  ///< feature of NaN; -1: there is none
  bool refuses_missing = false;
  double height = 1.0;  ///< sqrt(weight)

  /// 0 where the column cannot tell customers apart.
  int width() const { return levels > 1 && height > 0.0 ? levels : 0; }
  /// The feature that a raw number sets; -1: none.
  int feature_of(double raw) const;
  /// The share of customers with a level that a coordinate of a centroid stands for.
  double decode(int, double feature) const { return feature / height; }
  /// The inverse.
  double encode(int, double share) const { return share * height; }
};

}  // namespace cardseg::portfolio
