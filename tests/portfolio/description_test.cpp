#include "cardseg/portfolio/description.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/error.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using io::ColumnType;
using io::StoredColumn;
using support::error_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

StoredColumn column(const std::string& name, ColumnType type = ColumnType::float64) {
  return {name, type, io::name_of(type), type == ColumnType::text ? 8 : 0};
}

std::vector<std::string> feature_names(const ResolvedDescription& resolved) {
  std::vector<std::string> names;
  for (const ColumnDescription& feature : resolved.features) names.push_back(feature.name);
  return names;
}

// The one feature that a description of column `balance` gives.
ColumnDescription feature_with(const std::vector<Setting>& settings) {
  return resolve(make_description(settings), {column("balance")}).features.front();
}

Error refusal(const std::string& key, const std::string& value) {
  return error_of([&] { make_description({{key, value}}); });
}

Error refusal(const std::vector<Setting>& settings, const std::vector<StoredColumn>& columns) {
  return error_of([&] { resolve(make_description(settings), columns); });
}

}  // namespace

TEST(Description, OfNothingMakesEveryNumericColumnAZscoredFeature) {
  const ResolvedDescription resolved =
      resolve(make_description({}),
              {column("age", ColumnType::int32), column("balance"), column("is_new", ColumnType::boolean)});

  EXPECT_THAT(feature_names(resolved), ElementsAre("age", "balance", "is_new"));
  for (const ColumnDescription& feature : resolved.features) {
    EXPECT_EQ(feature.scale, Scale::zscore);
    EXPECT_EQ(feature.transform, Transform::none);
    EXPECT_EQ(feature.missing, Missing::median);
    EXPECT_EQ(feature.weight, 1.0);
  }
}

TEST(Description, KnowsEveryKeyOfAColumn) {
  const ColumnDescription feature = feature_with({{"column.balance.family", "geographic"},
                                                  {"column.balance.transform", "signed-log"},
                                                  {"column.balance.scale", "robust"},
                                                  {"column.balance.missing", "zero"},
                                                  {"column.balance.weight", "0.25"}});

  EXPECT_EQ(feature.name, "balance");
  EXPECT_EQ(feature.family, Family::geographic);
  EXPECT_EQ(feature.transform, Transform::signed_log);
  EXPECT_EQ(feature.scale, Scale::robust);
  EXPECT_EQ(feature.missing, Missing::zero);
  EXPECT_EQ(feature.weight, 0.25);
}

TEST(Description, NamesEveryChoiceTheWayItReadsIt) {
  for (Family each : {Family::demographic, Family::psychographic, Family::behavioural, Family::geographic})
    EXPECT_EQ(family_names.named(name_of(each), "family"), each);
  for (Transform each : {Transform::none, Transform::log1p, Transform::signed_log})
    EXPECT_EQ(transform_names.named(name_of(each), "transform"), each);
  for (Scale each : {Scale::zscore, Scale::robust, Scale::minmax, Scale::none})
    EXPECT_EQ(scale_named(name_of(each), "scale"), each);
  for (Missing each : {Missing::mean, Missing::median, Missing::zero, Missing::error})
    EXPECT_EQ(missing_named(name_of(each), "missing"), each);
}

TEST(Description, TrimsTextAndSplitsListsAtCommas) {
  const Description description = make_description({{"portfolio.id", " account no "},
                                                    {"portfolio.exclude", "gender , birth date,,age"},
                                                    {"portfolio.value", "revenue"}});

  EXPECT_EQ(description.id, "account no");
  EXPECT_THAT(description.exclude, ElementsAre("gender", "birth date", "age"));
  EXPECT_THAT(description.value, ElementsAre("revenue"));
}

TEST(Description, TakesDotsAndSpacesAsPartsOfAColumnsName) {
  const ResolvedDescription resolved = resolve(make_description({{"column.card.spend total.scale", "minmax"}}),
                                               {column("card.spend total"), column("other")});

  EXPECT_EQ(resolved.features[0].scale, Scale::minmax);
  EXPECT_EQ(resolved.features[1].scale, Scale::zscore);
}

TEST(Description, MultipliesAColumnsWeightByItsFamilys) {
  const ResolvedDescription resolved = resolve(make_description({{"family.behavioural", "2.0"},
                                                                 {"family.geographic", "0.5"},
                                                                 {"column.income.family", "geographic"},
                                                                 {"column.income.weight", "3"}}),
                                               {column("balance"), column("income")});

  EXPECT_EQ(resolved.features[0].weight, 2.0);  // behavioural where nothing is said
  EXPECT_EQ(resolved.features[1].weight, 1.5);
}

TEST(Description, LetsDefaultsStandWhereAColumnSaysNothing) {
  Description description = make_description({{"column.balance.weight", "2"}});
  description.defaults.scale = Scale::none;
  description.defaults.transform = Transform::log1p;

  const ColumnDescription feature = resolve(description, {column("balance")}).features.front();

  EXPECT_EQ(feature.scale, Scale::none);
  EXPECT_EQ(feature.transform, Transform::log1p);
  EXPECT_EQ(feature.weight, 2.0);
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
  EXPECT_THAT(refusal("column.balance.transform", "log").what(), HasSubstr("none, log1p or signed-log"));
  EXPECT_THAT(refusal("column.balance.missing", "mode").what(), HasSubstr("mean, median, zero or error"));
  EXPECT_THAT(refusal("column.balance.family", "behavioral").what(),
              HasSubstr("demographic, psychographic, behavioural or geographic"));
  EXPECT_THAT(refusal("family.behavioral", "2").what(), HasSubstr("[family] cannot be 'behavioral'"));
}

TEST(Description, RefusesWeightsThatAreNoNumberOrOutOfRange) {
  for (const char* value : {"", "heavy", "1x", "-1", "-0.5", "nan", "inf", "1000001", "0x10"}) {
    const Error error = refusal("column.balance.weight", value);

    EXPECT_EQ(error.code(), ExitCode::config) << value;
    EXPECT_THAT(error.what(), AllOf(HasSubstr("column.balance.weight"), HasSubstr("from 0 to 1000000"))) << value;
  }
  EXPECT_EQ(refusal("family.geographic", "much").code(), ExitCode::config);
}

TEST(Description, TakesTheUsualNamesOfAnIdInAnyCase) {
  const std::vector<std::string> usual = {"CUSTOMER_ID", "Cust_Id", "ID"};
  for (const std::string& name : usual)
    EXPECT_EQ(resolve(make_description({}), {column("balance"), column(name, ColumnType::int64)}).id, name);
  EXPECT_EQ(resolve(make_description({}),
                    {column("id", ColumnType::int64), column("balance"), column("customer_id", ColumnType::text)})
                .id,
            "customer_id");
  EXPECT_EQ(resolve(make_description({}), {column("balance")}).id, "");
}

TEST(Description, MakesNoFeatureOfIdValueAndExcludedColumns) {
  const ResolvedDescription resolved = resolve(
      make_description({{"portfolio.id", "account"}, {"portfolio.value", "revenue"}, {"portfolio.exclude", "age"}}),
      {column("account", ColumnType::int64), column("age"), column("balance"), column("revenue")});

  EXPECT_EQ(resolved.id, "account");
  EXPECT_THAT(feature_names(resolved), ElementsAre("balance"));
  EXPECT_THAT(resolved.value, ElementsAre("revenue"));
}

TEST(Description, MakesAFeatureOfAValueColumnThatIsDescribed) {
  const ResolvedDescription resolved =
      resolve(make_description({{"portfolio.value", "revenue"}, {"column.revenue.transform", "log1p"}}),
              {column("balance"), column("revenue")});

  EXPECT_THAT(feature_names(resolved), ElementsAre("balance", "revenue"));
}

TEST(Description, LeavesTextColumnsOutAndSaysSo) {
  const ResolvedDescription resolved =
      resolve(make_description({}), {column("balance"), column("city", ColumnType::text)});

  EXPECT_THAT(feature_names(resolved), ElementsAre("balance"));
  EXPECT_THAT(resolved.text_columns, ElementsAre("city"));
}

TEST(Description, RefusesColumnsThatDoNotExistAndNamesTheNearest) {
  const std::vector<StoredColumn> columns = {column("balance"), column("revenue")};

  EXPECT_THAT(refusal({{"portfolio.id", "balanc"}}, columns).what(),
              AllOf(HasSubstr("'balanc' is named as id"), HasSubstr("Did you mean 'balance'?")));
  EXPECT_THAT(refusal({{"portfolio.value", "revenues"}}, columns).what(),
              AllOf(HasSubstr("'revenues' is named as value"), HasSubstr("Did you mean 'revenue'?")));
  EXPECT_THAT(refusal({{"portfolio.exclude", "gender"}}, columns).what(),
              AllOf(HasSubstr("'gender' is named as excluded"), HasSubstr("'cardseg inspect' lists the columns")));
  EXPECT_THAT(refusal({{"column.balnce.scale", "none"}}, columns).what(),
              AllOf(HasSubstr("'balnce' is named as a feature"), HasSubstr("Did you mean 'balance'?")));
  EXPECT_EQ(refusal({{"portfolio.id", "nobody"}}, columns).code(), ExitCode::config);
}

TEST(Description, RefusesTextAsValueOrFeature) {
  const std::vector<StoredColumn> columns = {column("balance"), column("city", ColumnType::text)};

  const Error value = refusal({{"portfolio.value", "city"}}, columns);
  const Error feature = refusal({{"column.city.scale", "none"}}, columns);

  EXPECT_EQ(value.code(), ExitCode::config);
  EXPECT_EQ(value.place().column, "city");
  EXPECT_EQ(feature.code(), ExitCode::config);
  EXPECT_THAT(feature.what(), HasSubstr("add it to 'exclude'"));
}

TEST(Description, LetsADescribedTextColumnBeExcluded) {
  const ResolvedDescription resolved =
      resolve(make_description({{"column.city.family", "geographic"}, {"portfolio.exclude", "city"}}),
              {column("balance"), column("city", ColumnType::text)});

  EXPECT_THAT(feature_names(resolved), ElementsAre("balance"));
}

TEST(Description, RefusesIdsThatAreNeitherTextNorWholeNumbers) {
  for (ColumnType type : {ColumnType::float32, ColumnType::float64, ColumnType::boolean}) {
    const Error error = refusal({{"portfolio.id", "account"}}, {column("account", type), column("balance")});

    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_EQ(error.place().column, "account");
    EXPECT_THAT(error.what(), HasSubstr(std::string("the id column is stored as ") + io::name_of(type)));
  }
}

TEST(Description, RefusesAUsualIdOfAnUnusableTypeUntilItIsExcluded) {
  const std::vector<StoredColumn> columns = {column("balance"), column("customer_id")};

  EXPECT_EQ(refusal({}, columns).code(), ExitCode::config);
  EXPECT_EQ(resolve(make_description({{"portfolio.exclude", "customer_id"}}), columns).id, "");
}

TEST(Description, AcceptsIdsOfTextAndWholeNumbersEvenWhereExcluded) {
  for (ColumnType type : {ColumnType::text, ColumnType::int32, ColumnType::int64})
    EXPECT_EQ(resolve(make_description({{"portfolio.exclude", "customer_id"}}),
                      {column("balance"), column("customer_id", type)})
                  .id,
              "customer_id");
}

TEST(Description, RefusesAPortfolioWithoutFeatures) {
  const Error error = refusal({}, {column("city", ColumnType::text), column("id", ColumnType::int64)});

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("no column is left to segment by"));
}

}  // namespace cardseg::portfolio
