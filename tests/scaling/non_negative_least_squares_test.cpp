#include "scaling/non_negative_least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace cardseg::scaling {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double residual(const MatrixXd& a, const VectorXd& x, const VectorXd& b) { return (a * x - b).norm(); }

// The plain twin: the best of the solutions of all subsets of columns that have no coefficient below 0.
double least_residual_of_all_subsets(const MatrixXd& a, const VectorXd& b) {
  double least = b.norm();
  for (unsigned subset = 1; subset < 1U << a.cols(); ++subset) {
    std::vector<Index> columns;
    for (Index j = 0; j < a.cols(); ++j)
      if (subset >> j & 1U) columns.push_back(j);
    const MatrixXd some = a(Eigen::all, columns);
    const VectorXd x = some.colPivHouseholderQr().solve(b);
    if (x.minCoeff() >= 0) least = std::min(least, residual(some, x, b));
  }
  return least;
}

TEST(NonNegativeLeastSquares, IsThePlainSolutionWhereThatIsPositive) {
  MatrixXd a(4, 2);
  a << 1, 0, 1, 1, 1, 2, 1, 3;
  const VectorXd x = VectorXd{{0.5, 2.0}};

  EXPECT_LT((non_negative_least_squares(a, a * x) - x).norm(), 1e-12);
}

TEST(NonNegativeLeastSquares, IsAsGoodAsTheBestOfAllSubsets) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 300; ++trial) {
    const Index columns = 1 + trial % 5;
    MatrixXd a(columns + trial % 7, columns);
    VectorXd b(a.rows());
    for (Index i = 0; i < a.rows(); ++i) {
      b[i] = normal(random);
      for (Index j = 0; j < columns; ++j) a(i, j) = normal(random);
    }

    const VectorXd x = non_negative_least_squares(a, b);

    EXPECT_GE(x.minCoeff(), 0);
    EXPECT_NEAR(residual(a, x, b), least_residual_of_all_subsets(a, b), 1e-9) << trial;
  }
}

TEST(NonNegativeLeastSquares, UsesOneOfColumnsThatAreEqual) {
  const MatrixXd a = MatrixXd::Ones(3, 2);

  const VectorXd x = non_negative_least_squares(a, VectorXd::Constant(3, 4.0));

  EXPECT_NEAR(x.sum(), 4.0, 1e-12);
  EXPECT_GE(x.minCoeff(), 0);
}

TEST(NonNegativeLeastSquares, LeavesColumnsOfZerosAlone) {
  MatrixXd a = MatrixXd::Zero(3, 2);
  a.col(1).setConstant(2.0);

  const VectorXd x = non_negative_least_squares(a, VectorXd::Ones(3));

  EXPECT_EQ(x[0], 0.0);
  EXPECT_NEAR(x[1], 0.5, 1e-12);
}

TEST(NonNegativeLeastSquares, IsZeroWhereEveryColumnLeadsAway) {
  EXPECT_EQ(non_negative_least_squares(MatrixXd::Ones(3, 2), VectorXd::Constant(3, -1.0)).norm(), 0.0);
}

}  // namespace
}  // namespace cardseg::scaling
