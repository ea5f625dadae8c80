#include "transactions/minimise.hpp"

#include <cmath>

namespace cardseg::transactions {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int most_steps = 500;
constexpr int most_halvings = 60;
constexpr double least_gradient = 1e-9;
constexpr double small_gradient = 1e-6;
constexpr double sufficient_decrease = 1e-4;
constexpr double least_curvature = 1e-14;
constexpr double longest_step = 2.0;

double largest(const VectorXd& gradient) { return gradient.cwiseAbs().maxCoeff(); }

}  // namespace

Minimum minimise(const SmoothFunction& function, const VectorXd& start) {
  const Eigen::Index n = start.size();
  Minimum found{start, 0.0, 0, false};
  VectorXd gradient(n);
  found.value = function(found.at, gradient);
  MatrixXd inverse_hessian = MatrixXd::Identity(n, n);
  while (found.iterations < most_steps && largest(gradient) > least_gradient) {
    VectorXd direction = -(inverse_hessian * gradient);
    if (direction.dot(gradient) >= 0.0) {
      inverse_hessian.setIdentity();
      direction = -gradient;
    }
    if (const double size = largest(direction); size > longest_step) direction *= longest_step / size;
    double step = 1.0;
    VectorXd next = found.at;
    VectorXd next_gradient(n);
    double value = found.value;
    bool is_lower = false;
    for (int h = 0; h < most_halvings && !is_lower; ++h, step /= 2.0) {
      next = found.at + step * direction;
      value = function(next, next_gradient);
      is_lower = std::isfinite(value) && value <= found.value + sufficient_decrease * step * direction.dot(gradient);
    }
    if (!is_lower) break;
    ++found.iterations;
    const VectorXd moved = next - found.at;
    const VectorXd changed = next_gradient - gradient;
    const double curvature = moved.dot(changed);
    if (curvature > least_curvature * moved.norm() * changed.norm()) {
      if (found.iterations == 1) inverse_hessian *= curvature / changed.squaredNorm();
      const VectorXd image = inverse_hessian * changed;
      inverse_hessian += (1.0 + changed.dot(image) / curvature) / curvature * moved * moved.transpose() -
                         (image * moved.transpose() + moved * image.transpose()) / curvature;
    }
    const bool is_still = value >= found.value && largest(next_gradient) <= small_gradient;
    found.at = next;
    found.value = value;
    gradient = next_gradient;
    if (is_still) break;
  }
  found.has_converged = largest(gradient) <= small_gradient;
  return found;
}

}  // namespace cardseg::transactions
