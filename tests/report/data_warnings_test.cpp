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
