// The few directions that customers of a fit vary in, and how far a customer lies outside of them.
//
//   e(x) = |x - m|^2 - sum_q (u_q . (x - m))^2      x the features of a customer, m their means at the fit
//
// u_q are eigenvectors of the covariance matrix, the first of largest variance (Jolliffe, "Principal Component
// Analysis", 2002). Columns that move together as before keep e small wherever they go; columns that part make it grow,
// though each by itself may look as it did. The mean of e over the customers of the fit is tr(C) - sum_q u_q . C u_q.
#pragma once

#include <optional>
#include <vector>

#include "cardseg/portfolio/covariance.hpp"

namespace cardseg::profile {

struct PrincipalSpace {
  std::vector<double> mean;                     ///< by feature
  std::vector<std::vector<double>> directions;  ///< [direction][feature], of length 1, rounded to a grid
  double variance = 0.0;                        ///< of all features together
  double error = 0.0;                           ///< the mean of e over the customers that it was made of
};

/// The directions are as few as hold this share of the variance, and no more than the second number.
inline constexpr double share_of_directions = 0.8;
inline constexpr int most_directions = 16;

/// Pure. None where features vary in fewer than two directions, or the directions leave next to nothing out.
std::optional<PrincipalSpace> principal_space(const portfolio::Covariance& covariance);

}  // namespace cardseg::profile
