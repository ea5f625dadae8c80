#include "scaling/non_negative_least_squares.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <limits>
#include <vector>

namespace cardseg::scaling {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class ActiveSets {
 public:
  ActiveSets(const MatrixXd& a, const VectorXd& b)
      : a_(a), b_(b), x_(VectorXd::Zero(a.cols())), refused_(static_cast<std::size_t>(a.cols()), false) {
    tolerance_ = 1e3 * std::numeric_limits<double>::epsilon() * a.cwiseAbs().sum() * b.cwiseAbs().maxCoeff();
  }

  VectorXd solve() {
    // Each join lessens the residual, so no set comes twice; the bound is for rounding.
    for (Index step = 0; step < 3 * a_.cols() + 3; ++step) {
      const Index column = most_helpful();
      if (column < 0) break;
      join(column);
    }
    return x_;
  }

 private:
  bool has_joined(Index column) const { return std::ranges::find(joined_, column) != joined_.end(); }

  // The column along which the residual falls most, -1 where it falls along none.
  Index most_helpful() const {
    const VectorXd gradient = a_.transpose() * (b_ - a_ * x_);
    Index best = -1;
    for (Index j = 0; j < a_.cols(); ++j)
      if (!has_joined(j) && !refused_[static_cast<std::size_t>(j)] && gradient[j] > tolerance_ &&
          (best < 0 || gradient[j] > gradient[best]))
        best = j;
    return best;
  }

  VectorXd solve_joined() const {
    const MatrixXd columns = a_(Eigen::all, joined_);
    return columns.colPivHouseholderQr().solve(b_);
  }

  void join(Index column) {
    joined_.push_back(column);
    VectorXd solution = solve_joined();
    if (solution[solution.size() - 1] <= 0) {  // dependent on the others but for rounding
      joined_.pop_back();
      refused_[static_cast<std::size_t>(column)] = true;
      return;
    }
    refused_.assign(refused_.size(), false);
    while (solution.size() > 0 && solution.minCoeff() <= 0) {
      move_towards(solution);
      solution = joined_.empty() ? VectorXd() : solve_joined();
    }
    x_.setZero();
    for (std::size_t i = 0; i < joined_.size(); ++i) x_[joined_[i]] = solution[static_cast<Index>(i)];
  }

  // From x towards the solution until the first coefficient is 0, which leaves.
  void move_towards(const VectorXd& solution) {
    double share = 1.0;
    for (std::size_t i = 0; i < joined_.size(); ++i) {
      const double now = x_[joined_[i]];
      const double then = solution[static_cast<Index>(i)];
      if (then <= 0) share = std::min(share, now > then ? now / (now - then) : 0.0);
    }
    std::vector<Index> kept;
    for (std::size_t i = 0; i < joined_.size(); ++i) {
      double& now = x_[joined_[i]];
      const double then = solution[static_cast<Index>(i)];
      const bool leaves = then <= 0 && (now <= then || now / (now - then) <= share);
      now = leaves ? 0.0 : now + share * (then - now);
      if (!leaves) kept.push_back(joined_[i]);
    }
    joined_ = std::move(kept);
  }

  const MatrixXd& a_;
  const VectorXd& b_;
  VectorXd x_;
  std::vector<Index> joined_;
  std::vector<bool> refused_;  // since x changed last
  double tolerance_ = 0.0;     // of the gradient
};

}  // namespace

VectorXd non_negative_least_squares(const MatrixXd& a, const VectorXd& b) { return ActiveSets(a, b).solve(); }

}  // namespace cardseg::scaling
