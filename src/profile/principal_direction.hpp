// Eigenvectors as they are stored: the same on every build.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace cardseg::profile {

/// The multiple of `to` next to a value.
double rounded(double value, double to);

/// What components of eigenvectors, and shares of variance, are rounded to: no build's last bits reach it.
inline constexpr double direction_grid = 0x1p-30;

/// Pure. The components on the grid. An eigenvector may point either way: the largest in size is positive, the first of
/// equals.
std::vector<double> direction_of(const Eigen::VectorXd& vector);

}  // namespace cardseg::profile
