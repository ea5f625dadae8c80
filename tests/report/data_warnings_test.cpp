#include "cardseg/report/data_warnings.hpp"

#include <gmock/gmock.h>

#include "support/small_model.hpp"

namespace cardseg::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

segments::Model model_of(const std::vector<double>& shares) {
  segments::Model model;
  for (const double share : shares) {
    model.columns.push_back(support::model_feature("c" + std::to_string(model.columns.size() + 1), 0.0, 1.0));
    model.columns.back().variance_share = portfolio::VarianceShare{share, share};
  }
  return model;
}

}  // namespace

TEST(DataWarnings, SayNothingOfOrdinaryData) {
  EXPECT_THAT(data_warnings(model_of({0.4, 0.3, 0.3}), {}), IsEmpty());
  EXPECT_THAT(data_warnings(model_of({0.9, 0.1}), {}), IsEmpty());
}

TEST(DataWarnings, NameAColumnThatIsMostlyMissing) {
  segments::Model model = model_of({0.4, 0.3, 0.3});
  model.columns[1].facts.present = 10;
  model.columns[1].facts.missing = 90;

  EXPECT_THAT(data_warnings(model, {}),
              ElementsAre("column c2 lacks a value for 90 % of the customers, who all get the "
                          "same one: exclude it, or keep the gap as a feature with missing = "
                          "indicator"));
  model.columns[1].column.settings.missing = portfolio::Missing::indicator;
  EXPECT_THAT(data_warnings(model, {}), IsEmpty());
}

TEST(DataWarnings, NameAValueThatShapesSegments) {
  segments::Model model = model_of({0.4, 0.3, 0.3});
  model.columns[2].column.value_number = 1;

  EXPECT_THAT(data_warnings(model, {}),
              ElementsAre(HasSubstr("column c3 says what segments are worth and shapes them")));
}

TEST(DataWarnings, NameColumnsWithLongTailsThatNothingTames) {
  segments::Model model = model_of({0.2, 0.2, 0.2, 0.2, 0.2});
  for (portfolio::FittedColumn& column : model.columns) column.facts = {1000, 0, {-1.0, 90.0}, 0.0, 10.0};
  model.columns[1].column.settings.transform = portfolio::Transform::log1p;
  model.columns[2].column.settings.clip = portfolio::Clip{0.001, 0.999};
  model.columns[3].facts.range.high = 79.0;

  EXPECT_THAT(data_warnings(model, {}),
              ElementsAre(HasSubstr("columns c1 and c5 have a long tail: one customer in 1,000 lies more than 8 "
                                    "standard deviations from the mean")));
  model.columns[0].column.kind = portfolio::Kind::flag;
  EXPECT_THAT(data_warnings(model, {}), ElementsAre(HasSubstr("column c5 has a long tail")));
}

TEST(DataWarnings, NameAColumnThatDominates) {
  EXPECT_THAT(data_warnings(model_of({0.1, 0.85, 0.05}), {}),
              ElementsAre(HasSubstr("column c2 brings 85 % of the total variance: segments follow it nearly alone")));
}

TEST(DataWarnings, NameColumnsThatSayTheSame) {
  portfolio::Covariance covariance;
  covariance.features = 3;
  covariance.customers = 100;
  covariance.mean = {0, 0, 0};
  covariance.values = {1, 0.99, 0, 0.99, 1, 0, 0, 0, 1};

  EXPECT_THAT(data_warnings(model_of({0.4, 0.3, 0.3}), covariance),
              ElementsAre(HasSubstr("columns c1 and c2 say nearly the same (correlation 0.990)")));
}

TEST(DataWarnings, ShareTextNamesTheLargestFirst) {
  EXPECT_EQ(variance_text(model_of({0.2, 0.5, 0.3})), "share of the variance: c2 50 %, c3 30 %, c1 20 %");
  EXPECT_EQ(variance_text(support::small_model()), "");
}

}  // namespace cardseg::report
