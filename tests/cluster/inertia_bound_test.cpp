#include "cardseg/cluster/inertia_bound.hpp"

#include <gtest/gtest.h>

#include "cardseg/cluster/fit.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"

namespace cardseg::cluster {
namespace {

portfolio::Covariance diagonal(const std::vector<double>& variances) {
  portfolio::Covariance covariance;
  covariance.features = static_cast<int>(variances.size());
  covariance.values.resize(variances.size() * variances.size());
  for (std::size_t f = 0; f < variances.size(); ++f) covariance.values[f * variances.size() + f] = variances[f];
  return covariance;
}

}  // namespace

TEST(InertiaBound, LeavesOutTheLargestEigenvaluesAndRoundsDown) {
  const portfolio::Covariance covariance = diagonal({1.0, 5.0, 3.0, 1.2345});

  EXPECT_EQ(bound_inertia(covariance, 100, 2)->least, 523);   // 523.45
  EXPECT_EQ(bound_inertia(covariance, 100, 3)->least, 223);   // 223.45
  EXPECT_EQ(bound_inertia(covariance, 100, 4)->least, 99.9);  // 100, of which rounding may take some
  EXPECT_EQ(bound_inertia(diagonal({1, 0.0012399999}), 1000000, 2)->least, 1230);
}

TEST(InertiaBound, IsNoneWhereNothingIsCertain) {
  EXPECT_FALSE(bound_inertia(diagonal({1, 2}), 10, 1));
  EXPECT_FALSE(bound_inertia(diagonal({1, 2}), 10, 3));
  EXPECT_FALSE(bound_inertia(diagonal({1, 0}), 10, 2));
  EXPECT_FALSE(bound_inertia(diagonal({0, 0}), 10, 2));
  EXPECT_FALSE(bound_inertia(diagonal({1, 1e-12}), 10, 2));
}

TEST(InertiaBound, SaysWhereItIsAnEstimate) {
  portfolio::Covariance covariance = diagonal({1, 2});
  EXPECT_FALSE(bound_inertia(covariance, 10, 2)->is_estimate);
  covariance.is_of_sample = true;

  EXPECT_TRUE(bound_inertia(covariance, 10, 2)->is_estimate);
}

TEST(InertiaBound, IsBelowWhatFitsFind) {
  for (const double separation : {0.0, 3.0, 30.0}) {
    const support::Rows rows = support::clustered_rows(1500, 6, 4, 9, separation);
    auto matrix = support::make_matrix<float>({}, rows);
    const portfolio::Covariance covariance = *portfolio::compute_covariance({}, matrix, 1);
    for (const int segments : {2, 4, 6}) {
      core::Events silent;
      FitOptions options;
      options.segments = segments;
      const double found = fit({}, matrix, options, silent).best().inertia;
      const double least = bound_inertia(covariance, 1500, segments)->least;

      EXPECT_LT(least, found);
      EXPECT_TRUE(separation < 30 || segments != 4 || least > 0.45 * found) << least << " " << found;
    }
  }
}

}  // namespace cardseg::cluster
