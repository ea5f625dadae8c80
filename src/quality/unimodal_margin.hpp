// How one feature is spread where nothing but its skew and its tails are kept: its distribution, widened until it has
// one mode.
//
//   y = asinh((x - median) / IQR) in 512 bins; f_h = sum of Gaussian kernels of width h over them
//   h = the least width for which f_h has one mode (Silverman 1981), of which valleys of less than a hundredth of all
//   customers are no part: those lie between outliers
//   Q(z) = x(F_h^-1(Phi(z))), shifted and stretched to the mean and the standard deviation that the feature has
// On this scale the long tail of an amount needs no width of its own; Q is tabulated at 1025 places.
#pragma once

#include <vector>

namespace cardseg::quality {

class UnimodalMargin {
 public:
  /// `values`: of a sample of customers, finite, at least one. Serial: the same bytes wherever it is done.
  explicit UnimodalMargin(std::vector<double> values);

  /// The value of a customer with this normal score.
  double at(double score) const;

 private:
  std::vector<double> table_;  // [place]: at scores from -5.12 to 5.12
};

}  // namespace cardseg::quality
