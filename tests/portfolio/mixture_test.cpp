#include "cardseg/portfolio/mixture.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cardseg::portfolio {

TEST(Mixture, GivesTheSameRowsToWhoeverAsks) {
  const MixtureOptions options{.features = 7, .clusters = 3, .seed = 5};
  const FeatureMatrix<float> whole = make_mixture<float>(options, {0, 100});
  const FeatureMatrix<float> part = make_mixture<float>(options, {37, 90});

  for (std::int64_t row = 37; row < 90; ++row) EXPECT_EQ(part.point(row - 37), whole.point(row));
}

TEST(Mixture, GivesFurtherFeaturesWithoutChangingTheOthers) {
  const FeatureMatrix<double> few = make_mixture<double>({.features = 5}, {0, 20});
  const FeatureMatrix<double> many = make_mixture<double>({.features = 9}, {0, 20});

  for (std::int64_t row = 0; row < 20; ++row)
    for (int f = 0; f < 5; ++f) EXPECT_EQ(few.at(row, f), many.at(row, f));
}

TEST(Mixture, ScattersByOneAboutCentres) {
  const FeatureMatrix<double> one = make_mixture<double>({.features = 1, .clusters = 1}, {0, 100'000});
  double sum = 0;
  double squares = 0;
  for (std::int64_t row = 0; row < one.rows(); ++row) sum += one.at(row, 0);
  const double mean = sum / 1e5;
  for (std::int64_t row = 0; row < one.rows(); ++row) squares += std::pow(one.at(row, 0) - mean, 2);

  EXPECT_NEAR(squares / 1e5, 1.0, 0.02);
}

TEST(Mixture, GivesOtherCustomersForAnotherSeed) {
  const FeatureMatrix<float> one = make_mixture<float>({.seed = 1}, {0, 10});
  const FeatureMatrix<float> two = make_mixture<float>({.seed = 2}, {0, 10});

  for (std::int64_t row = 0; row < 10; ++row) EXPECT_NE(one.point(row), two.point(row));
}

}  // namespace cardseg::portfolio
