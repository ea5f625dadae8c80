// Least squares with coefficients that are at least 0.
#pragma once

#include <Eigen/Dense>

namespace cardseg::scaling {

/// Pure. The x >= 0 with the least |A x - b|, by active sets (Lawson, Hanson: Solving Least Squares Problems, 1974):
/// columns join while the gradient says that they help, and leave where the solution of those that joined would be
/// below 0. Each solution is by a QR decomposition with column pivoting. Dense and small: one decomposition of at most
/// rows x columns a step.
Eigen::VectorXd non_negative_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

}  // namespace cardseg::scaling
