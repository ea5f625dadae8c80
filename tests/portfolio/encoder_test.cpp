#include "cardseg/portfolio/encoder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cardseg::portfolio {
namespace {

const ColumnSettings logarithmic{Family::behavioural, Transform::log1p, Scale::zscore, Missing::zero, 2.0};
const Encoder fitted = NumberEncoder{logarithmic, 0.0, 1.0 / 3, 0.7};

FittedColumn named(const std::string& name, const Encoder& encoder) {
  FittedColumn column;
  column.column.name = name;
  column.encoder = encoder;
  return column;
}

}  // namespace

TEST(Encoder, MakesABlockOfOneFeatureOfANumberAndTurnsItBack) {
  const double feature = encode(fitted, 0, 120.5);

  EXPECT_EQ(width(fitted), 1);
  EXPECT_EQ(feature, (std::log1p(120.5) - 1.0 / 3) * 0.7);
  EXPECT_NEAR(decode(fitted, 0, feature), 120.5, 1e-10);
  EXPECT_EQ(encode(fitted, 0, std::numeric_limits<double>::quiet_NaN()), (0.0 - 1.0 / 3) * 0.7);
  EXPECT_EQ(feature_name(named("balance", fitted), 0), "balance");
}

TEST(Encoder, MakesABlockOfIndicatorsOfACategory) {
  const CategoryEncoder category{.levels = 4, .known = 2, .other = 2, .missing = 3, .height = 2.0};
  FittedColumn column = named("region", category);
  column.column.levels.known = {{"north", 5, 0.0}, {"south", 3, 1.0}};

  EXPECT_EQ(width(column.encoder), 4);
  EXPECT_EQ(category.feature_of(1.0), 1);
  EXPECT_EQ(category.feature_of(2.0), 2);
  EXPECT_EQ(category.feature_of(std::numeric_limits<double>::quiet_NaN()), 3);
  EXPECT_EQ(decode(column.encoder, 2, 0.5), 0.25);
  EXPECT_EQ(encode(column.encoder, 2, 0.25), 0.5);
  EXPECT_EQ(feature_name(column, 1), "region=south");
  EXPECT_EQ(feature_name(column, 2), "region=(other)");
  EXPECT_EQ(feature_name(column, 3), "region=(missing)");
  EXPECT_EQ(to_json(encoder_from_json(to_json(column.encoder), {})), to_json(column.encoder));
}

TEST(Encoder, MakesAnIndicatorOfMissingNumbers) {
  const FittedColumn column = named("balance", NumberEncoder{logarithmic, 0.0, 1.0 / 3, 0.7, {}, 1.5});

  EXPECT_EQ(width(column.encoder), 2);
  EXPECT_EQ(decode(column.encoder, 1, 0.75), 0.5);
  EXPECT_EQ(encode(column.encoder, 1, 0.5), 0.75);
  EXPECT_EQ(feature_name(column, 0), "balance");
  EXPECT_EQ(feature_name(column, 1), "balance=(missing)");
  EXPECT_FALSE(is_share(column.encoder, 0));
  EXPECT_TRUE(is_share(column.encoder, 1));
  EXPECT_EQ(to_json(encoder_from_json(to_json(column.encoder), logarithmic)), to_json(column.encoder));
}

TEST(Encoder, OfACategoryWithoutRareLevelsSetsNoIndicatorForNewOnes) {
  const CategoryEncoder category{.levels = 2, .known = 2};

  EXPECT_EQ(category.feature_of(2.0), -1);
  EXPECT_EQ(category.feature_of(std::numeric_limits<double>::quiet_NaN()), -1);
  EXPECT_EQ((CategoryEncoder{.levels = 1, .known = 1}.width()), 0);
}

TEST(Encoder, OfAConstantColumnHasNoFeatures) {
  const Encoder constant = NumberEncoder{{}, 0.0, 5.0, 0.0};

  EXPECT_EQ(width(constant), 0);
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
  for (const char* damage : {R"("known":3)", R"("other":2)", R"("missing":-2)", R"("height":0.0)"}) {
    std::string text = to_json(CategoryEncoder{.levels = 2, .known = 2});
    const std::string key = std::string(damage).substr(0, std::string(damage).find(':'));
    const std::size_t begin = text.find(key);
    text.replace(begin, text.find_first_of(",}", begin) - begin, damage);
    EXPECT_THROW(encoder_from_json(text, {}), std::exception) << text;
  }
}

}  // namespace cardseg::portfolio
