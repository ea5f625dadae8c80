// The minimum of a smooth function of a few variables, by BFGS with an Armijo line search (Nocedal and Wright 2006,
// algorithm 6.1 and section 3.1). Every step is a fixed serial computation: equal functions give equal bytes.
#pragma once

#include <Eigen/Core>
#include <functional>

namespace cardseg::transactions {

/// The value at a point, and the gradient there. May be collective: all ranks ask for the same points.
using SmoothFunction = std::function<double(const Eigen::VectorXd& at, Eigen::VectorXd& gradient)>;

struct Minimum {
  Eigen::VectorXd at;
  double value = 0.0;
  int iterations = 0;
  bool has_converged = false;  ///< no component of the gradient is above 1e-6
};

/// Ends where no component of the gradient is above 1e-9, where steps no longer lower the value, or after 500 steps.
Minimum minimise(const SmoothFunction& function, const Eigen::VectorXd& start);

}  // namespace cardseg::transactions
