#include "cardseg/generate/mixture.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cardseg::generate {

TEST(Mixture, GivesTheSameRowsToWhoeverAsks) {
  const MixtureOptions options{.features = 7, .clusters = 3, .seed = 5};
  const portfolio::FeatureMatrix<float> whole = make_mixture<float>(options, {0, 100});
  const portfolio::FeatureMatrix<float> part = make_mixture<float>(options, {37, 90});

  for (std::int64_t row = 37; row < 90; ++row) EXPECT_EQ(part.point(row - 37), whole.point(row));
}

TEST(Mixture, GivesFurtherFeaturesWithoutChangingTheOthers) {
  const portfolio::FeatureMatrix<double> few = make_mixture<double>({.features = 5}, {0, 20});
  const portfolio::FeatureMatrix<double> many = make_mixture<double>({.features = 9}, {0, 20});

  for (std::int64_t row = 0; row < 20; ++row)
    for (int f = 0; f < 5; ++f) EXPECT_EQ(few.at(row, f), many.at(row, f));
}

TEST(Mixture, ScattersByOneAboutCentres) {
  const portfolio::FeatureMatrix<double> one = make_mixture<double>({.features = 1, .clusters = 1}, {0, 100'000});
  double sum = 0;
  double squares = 0;
  for (std::int64_t row = 0; row < one.rows(); ++row) sum += one.at(row, 0);
  const double mean = sum / 1e5;
  for (std::int64_t row = 0; row < one.rows(); ++row) squares += std::pow(one.at(row, 0) - mean, 2);

  EXPECT_NEAR(squares / 1e5, 1.0, 0.02);
}

TEST(Mixture, GivesOtherCustomersForAnotherSeed) {
  const portfolio::FeatureMatrix<float> one = make_mixture<float>({.seed = 1}, {0, 10});
  const portfolio::FeatureMatrix<float> two = make_mixture<float>({.seed = 2}, {0, 10});

  for (std::int64_t row = 0; row < 10; ++row) EXPECT_NE(one.point(row), two.point(row));
}

}  // namespace cardseg::generate
