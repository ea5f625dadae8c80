#include "cardseg/portfolio/encoder.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace cardseg::portfolio {
namespace {

using testing::ElementsAre;

const ColumnSettings logarithmic{Family::behavioural, Transform::log1p, Scale::zscore, Missing::zero, 2.0};
const Encoder fitted = NumberEncoder{logarithmic, 0.0, 1.0 / 3, 0.7};

double encoded(const Encoder& encoder, double raw) {
  double feature = 0;
  encode(encoder, raw, {&feature, 1});
  return feature;
}

}  // namespace

TEST(Encoder, MakesABlockOfOneFeatureOfANumberAndTurnsItBack) {
  const double feature = encoded(fitted, 120.5);

  EXPECT_EQ(width(fitted), 1);
  EXPECT_EQ(feature, (std::log1p(120.5) - 1.0 / 3) * 0.7);
  EXPECT_NEAR(decode(fitted, {&feature, 1}), 120.5, 1e-10);
  EXPECT_EQ(encoded(fitted, std::numeric_limits<double>::quiet_NaN()), (0.0 - 1.0 / 3) * 0.7);
  EXPECT_THAT(feature_names(fitted, "balance"), ElementsAre("balance"));
}

TEST(Encoder, OfAConstantColumnHasNoFeatures) {
  const Encoder constant = NumberEncoder{{}, 0.0, 5.0, 0.0};

  EXPECT_EQ(width(constant), 0);
  EXPECT_TRUE(feature_names(constant, "flag").empty());
}

TEST(Encoder, ReadsBackToTheSameBits) {
  for (double fill : {0.1, std::numeric_limits<double>::quiet_NaN()}) {
    const Encoder encoder = NumberEncoder{logarithmic, fill, 1.0 / 3, 1e-300};

    const Encoder again = encoder_from_json(to_json(encoder), logarithmic);

    EXPECT_EQ(to_json(again), to_json(encoder));
    EXPECT_EQ(std::get<NumberEncoder>(again).centre, 1.0 / 3);
    EXPECT_EQ(std::get<NumberEncoder>(again).factor, 1e-300);
    EXPECT_EQ(std::isnan(std::get<NumberEncoder>(again).fill), std::isnan(fill));
  }
}

TEST(Encoder, RefusesKindsThatItDoesNotKnow) {
  EXPECT_THROW(encoder_from_json(R"({"kind": "spline"})", {}), std::exception);
  EXPECT_THROW(encoder_from_json(R"({"fill": 1})", {}), std::exception);
}

}  // namespace cardseg::portfolio
