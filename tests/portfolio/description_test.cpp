#include "cardseg/portfolio/description.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/error.hpp"
#include "cardseg/portfolio/trust_thresholds.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using support::error_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Error refusal(const std::string& key, const std::string& value) {
  return error_of([&] { make_description({{key, value}}); });
}

}  // namespace

TEST(Description, NamesEveryChoiceTheWayItReadsIt) {
  for (Family each :
       {Family::demographic, Family::psychographic, Family::behavioural, Family::geographic, Family::none})
    EXPECT_EQ(family_names.named(name_of(each), "family"), each);
  for (Transform each : {Transform::none, Transform::log1p, Transform::signed_log})
    EXPECT_EQ(transform_names.named(name_of(each), "transform"), each);
  for (Scale each : {Scale::zscore, Scale::robust, Scale::minmax, Scale::none})
    EXPECT_EQ(scale_names.named(name_of(each), "scale"), each);
  for (Missing each : {Missing::mean, Missing::median, Missing::zero, Missing::error})
    EXPECT_EQ(missing_names.named(name_of(each), "missing"), each);
}

TEST(Description, TrimsTextAndSplitsListsAtCommas) {
  const Description description = make_description({{"portfolio.id", " account no "},
                                                    {"portfolio.exclude", "gender , birth date,,age"},
                                                    {"portfolio.value", "revenue"}});

  EXPECT_EQ(description.id, "account no");
  EXPECT_THAT(description.exclude, ElementsAre("gender", "birth date", "age"));
  EXPECT_THAT(description.value, ElementsAre("revenue"));
}

TEST(Description, RefusesAnUnknownKeyAndNamesTheNearest) {
  const Error error = refusal("column.balance.scal", "robust");

  EXPECT_EQ(error.code(), ExitCode::config);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("unknown key 'column.balance.scal'"), HasSubstr("Did you mean 'scale'?")));
}

TEST(Description, RefusesAnUnknownKeyOfThePortfolioAndNamesTheNearest) {
  EXPECT_THAT(refusal("portfolio.exlude", "a").what(),
              AllOf(HasSubstr("unknown key 'portfolio.exlude'"), HasSubstr("Did you mean 'portfolio.exclude'?")));
}

TEST(Description, RefusesAnUnknownSectionAndListsWhatThereIs) {
  for (const char* key : {"colour.balance", "balance", "", "column", "column.balance", "."}) {
    const Error error = refusal(key, "1");

    EXPECT_EQ(error.code(), ExitCode::config) << key;
    EXPECT_THAT(error.what(), HasSubstr("unknown key '" + std::string(key) + "'"));
    EXPECT_FALSE(error.remedy_text().empty());
  }
}

TEST(Description, RefusesAnUnknownChoiceAndListsTheKnownOnes) {
  EXPECT_THAT(
      refusal("column.balance.scale", "z-score").what(),
      AllOf(HasSubstr("column.balance.scale cannot be 'z-score'"), HasSubstr("zscore, robust, minmax or none")));
  EXPECT_THAT(refusal("column.balance.transform", "log").what(),
              HasSubstr("none, log1p, signed-log, sqrt, cube-root or yeo-johnson"));
  EXPECT_THAT(refusal("column.balance.missing", "average").what(),
              HasSubstr("mean, median, zero, error, mode or indicator"));
  EXPECT_THAT(refusal("column.balance.family", "behavioral").what(),
              HasSubstr("demographic, psychographic, behavioural, geographic or none"));
  EXPECT_THAT(refusal("family.behavioral", "2").what(), HasSubstr("[family] cannot be 'behavioral'"));
}

TEST(Description, RefusesWeightsThatAreNoNumberOrOutOfRange) {
  for (const char* value : {"heavy", "1x", "-1", "-0.5", "nan", "inf", "1000001", "0x10"}) {
    const Error error = refusal("column.balance.weight", value);

    EXPECT_EQ(error.code(), ExitCode::config) << value;
    EXPECT_THAT(error.what(), AllOf(HasSubstr("column.balance.weight"), HasSubstr("from 0 to 1000000"))) << value;
  }
  EXPECT_EQ(refusal("family.geographic", "much").code(), ExitCode::config);
}

TEST(Description, TakesNamesInQuotes) {
  const Description description = make_description({{"portfolio.id", "\"#id\""},
                                                    {"portfolio.exclude", "\"#cards\", \"spend, online\""},
                                                    {"column.\"a #b\".scale", "none"}});

  EXPECT_EQ(description.id, "#id");
  EXPECT_THAT(description.exclude, ElementsAre("#cards", "spend, online"));
  EXPECT_TRUE(description.columns.contains("a #b"));
}

TEST(Description, RefusesEmptyValues) {
  for (const char* key :
       {"portfolio.id", "portfolio.exclude", "portfolio.value", "column.age.scale", "family.geographic"})
    for (const char* value : {"", "  ", " , "}) {
      const Error error = refusal(key, value);
      EXPECT_EQ(error.code(), ExitCode::config);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(std::string(key) + " is empty"), HasSubstr("\"#cards\"")));
    }
}

TEST(Description, ReadsMissingCodesOfTheWholeAndOfColumns) {
  const Description description =
      make_description({{"portfolio.missing_codes", "999, -1"}, {"column.age.missing_codes", "-2147483648"}});
  ColumnSettings age = description.defaults;
  for (const Setting& setting : description.columns.at("age")) set_column(age, "age", setting);

  EXPECT_THAT(description.defaults.missing_codes, ElementsAre(999, -1));
  EXPECT_THAT(age.missing_codes, ElementsAre(-2147483648.0));
  EXPECT_THAT(refusal("portfolio.missing_codes", "999, none").what(),
              AllOf(HasSubstr("portfolio.missing_codes cannot be '999, none'"), HasSubstr("999, -1")));
}

TEST(Description, ReadsThresholdsOfTrust) {
  const std::vector<Setting> settings = {
      {"trust.stable_ratio", "5.5"}, {"trust.segment_customers", " 100 "}, {"portfolio.id", "a"}};
  TrustThresholds expected;
  expected.stable_ratio = 5.5;
  expected.segment_customers = 100;

  EXPECT_EQ(make_description(settings).id, "a");
  EXPECT_EQ(make_trust(settings), expected);
  EXPECT_THAT(refusal("trust.stable_ratio", "0.5").what(),
              AllOf(HasSubstr("trust.stable_ratio cannot be '0.5'"), HasSubstr("from 1 to 1000")));
  EXPECT_THAT(refusal("trust.segment_customers", "50.5").what(), HasSubstr("a whole number from 10 to 10000"));
  EXPECT_THAT(refusal("trust.small_share", "2%").what(), HasSubstr("a number from 0 to 1"));
  EXPECT_THAT(refusal("trust.stable_ration", "3").what(), HasSubstr("stable_ratio"));
}

TEST(Description, GivesNoWeightToColumnsOfNoFamily) {
  EXPECT_THAT(refusal("family.none", "2").what(), HasSubstr("no family"));
}

}  // namespace cardseg::portfolio
