// What a portfolio would look like if it had no segments: the null hypothesis of stability and of the gap statistic.
//
//   z = L e, e independent standard normal numbers, L L' the covariance of the features' normal scores Phi^-1(rank)
//   x_f = Q_f(z_f), Q_f the feature's own distribution widened to one mode (unimodal_margin.hpp)
// A Gaussian copula: features keep their skew, their tails and how they go together; clusters are not copied. Normal
// scores are those of middle ranks. A thousandth of the identity is mixed into the covariance, so that features that
// follow from others do no harm.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/portfolio/feature_matrix.hpp"
#include "quality/unimodal_margin.hpp"

namespace cardseg::quality {

class NullTwins {
 public:
  /// Learns from at most 10,000 customers of the sample, evenly spaced. Serial, d^2 / 2 products a customer: the same
  /// bytes wherever it is done.
  template <class T>
  explicit NullTwins(const portfolio::FeatureMatrix<T>& sample);

  /// Local. So many customers of a twin, drawn by (seed, twin, row): d numbers and d^2 / 2 products each.
  template <class T>
  portfolio::FeatureMatrix<T> draw(std::uint64_t seed, int twin, std::int64_t rows) const;

 private:
  int features_;
  std::vector<double> factor_;  // L, row-major, lower triangle
  std::vector<UnimodalMargin> margins_;
};

}  // namespace cardseg::quality
