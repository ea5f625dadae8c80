#include "cardseg/portfolio/schema.hpp"

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

std::vector<std::string> names_with(const Schema& schema, Role role) {
  std::vector<std::string> names;
  for (const Column* column : schema.with_role(role)) names.push_back(column->name);
  return names;
}

// The one feature that a description of column `balance` gives.
ColumnSettings feature_with(const std::vector<Setting>& settings) {
  return make_schema(make_description(settings), {column("balance")}).columns.front().settings;
}

Error refusal(const std::vector<Setting>& settings, const std::vector<StoredColumn>& columns) {
  return error_of([&] { make_schema(make_description(settings), columns); });
}

}  // namespace

TEST(Schema, OfNothingMakesEveryNumericColumnAZscoredFeature) {
  const Schema schema = make_schema(make_description({}), {column("age", ColumnType::int32), column("balance"),
                                                           column("is_new", ColumnType::boolean)});

  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("age", "balance", "is_new"));
  for (const Column& column : schema.columns) {
    const ColumnSettings& feature = column.settings;
    EXPECT_EQ(feature.scale, Scale::zscore);
    EXPECT_EQ(feature.transform, Transform::none);
    EXPECT_EQ(feature.missing, Missing::median);
    EXPECT_EQ(feature.weight, 1.0);
  }
}

TEST(Schema, KnowsEveryKeyOfAColumn) {
  const ColumnSettings feature = feature_with({{"column.balance.family", "geographic"},
                                               {"column.balance.transform", "signed-log"},
                                               {"column.balance.scale", "robust"},
                                               {"column.balance.missing", "zero"},
                                               {"column.balance.weight", "0.25"}});

  EXPECT_EQ(feature.family, Family::geographic);
  EXPECT_EQ(feature.transform, Transform::signed_log);
  EXPECT_EQ(feature.scale, Scale::robust);
  EXPECT_EQ(feature.missing, Missing::zero);
  EXPECT_EQ(feature.weight, 0.25);
}

TEST(Schema, TakesDotsAndSpacesAsPartsOfAColumnsName) {
  const Schema schema = make_schema(make_description({{"column.card.spend total.scale", "minmax"}}),
                                    {column("card.spend total"), column("other")});

  EXPECT_EQ(schema.columns[0].settings.scale, Scale::minmax);
  EXPECT_EQ(schema.columns[1].settings.scale, Scale::zscore);
}

TEST(Schema, MultipliesAColumnsWeightByItsFamilys) {
  const Schema schema = make_schema(make_description({{"family.behavioural", "2.0"},
                                                      {"family.geographic", "0.5"},
                                                      {"column.income.family", "geographic"},
                                                      {"column.income.weight", "3"},
                                                      {"column.spend.family", "behavioural"},
                                                      {"column.visits.scale", "none"}}),
                                    {column("balance"), column("income"), column("spend"), column("visits")});

  EXPECT_EQ(schema.columns[0].settings.family, Family::none);  // nothing is said
  EXPECT_EQ(schema.columns[0].settings.weight, 1.0);
  EXPECT_EQ(schema.columns[1].settings.weight, 1.5);
  EXPECT_EQ(schema.columns[2].settings.weight, 2.0);
  EXPECT_EQ(schema.columns[3].settings.family, Family::none);
}

TEST(Schema, LetsDefaultsStandWhereAColumnSaysNothing) {
  Description description = make_description({{"column.balance.weight", "2"}});
  description.defaults.scale = Scale::none;
  description.defaults.transform = Transform::log1p;

  const ColumnSettings feature = make_schema(description, {column("balance")}).columns.front().settings;

  EXPECT_EQ(feature.scale, Scale::none);
  EXPECT_EQ(feature.transform, Transform::log1p);
  EXPECT_EQ(feature.weight, 2.0);
}

TEST(Schema, TakesTheUsualNamesOfAnIdInAnySpelling) {
  const std::vector<std::string> usual = {"CUSTOMER_ID", "Cust_Id",   "ID",          "CustomerID", "Customer ID",
                                          "customer-id", "client_id", "CLIENTNUM",   "account_id", "Customer Key",
                                          "member no",   "customer",  "Kundennummer"};
  for (const std::string& name : usual)
    EXPECT_EQ(make_schema(make_description({}), {column("balance"), column(name, ColumnType::int64)}).id(), name);
  EXPECT_EQ(make_schema(make_description({}),
                        {column("id", ColumnType::int64), column("balance"), column("customer_id", ColumnType::text)})
                .id(),
            "customer_id");
  EXPECT_EQ(make_schema(make_description({}), {column("balance")}).id(), "");
}

TEST(Schema, TakesNoCountersAndNoAmountsAsIds) {
  for (const char* name : {"Sl_No", "Unnamed: 0", "index", "branch_id"})
    EXPECT_EQ(make_schema(make_description({}), {column("balance"), column(name, ColumnType::int64)}).id(), "") << name;
  EXPECT_EQ(make_schema(make_description({}), {column("account"), column("member", ColumnType::boolean)}).id(), "");
}

TEST(Schema, MakesNoFeatureOfASecondIdUnlessItIsDescribed) {
  const std::vector<StoredColumn> columns = {column("customer_id", ColumnType::text), column("balance"),
                                             column("account_id", ColumnType::int64)};

  const Schema schema = make_schema(make_description({}), columns);
  const Schema described = make_schema(make_description({{"column.account_id.scale", "minmax"}}), columns);

  EXPECT_EQ(schema.id(), "customer_id");
  EXPECT_EQ(schema.columns[2].role, Role::unused);
  EXPECT_EQ(schema.columns[2].reason, "named like an id");
  EXPECT_EQ(described.columns[2].role, Role::feature);
}

TEST(Schema, NumbersTheRowsWhereTheIdIsNone) {
  const std::vector<StoredColumn> columns = {column("balance"), column("customer_id", ColumnType::int64)};

  const Schema schema = make_schema(make_description({{"portfolio.id", "none"}}), columns);

  EXPECT_EQ(schema.id(), "");
  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance"));
  EXPECT_EQ(
      make_schema(make_description({{"portfolio.id", "none"}}), {column("balance"), column("none", ColumnType::text)})
          .id(),
      "none");
}

TEST(Schema, MakesFeaturesOfDatesOnlyWhereTheyAreDescribed) {
  StoredColumn opened = column("opened", ColumnType::int32);
  opened.is_date = true;

  const Schema schema = make_schema(make_description({}), {column("balance"), opened});
  const Schema described =
      make_schema(make_description({{"column.opened.scale", "minmax"}}), {column("balance"), opened});

  EXPECT_EQ(schema.columns[1].role, Role::unused);
  EXPECT_EQ(schema.columns[1].reason, "dates");
  EXPECT_EQ(schema.columns[1].kind, Kind::date);
  EXPECT_EQ(described.columns[1].role, Role::feature);
  EXPECT_EQ(described.columns[1].kind, Kind::date);
}

TEST(Schema, MakesNoFeatureOfIdValueAndExcludedColumns) {
  const Schema schema = make_schema(
      make_description({{"portfolio.id", "account"}, {"portfolio.value", "revenue"}, {"portfolio.exclude", "age"}}),
      {column("account", ColumnType::int64), column("age"), column("balance"), column("revenue")});

  EXPECT_EQ(schema.id(), "account");
  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance"));
  EXPECT_THAT(schema.value_names(), ElementsAre("revenue"));
}

TEST(Schema, MakesAFeatureOfAValueColumnThatIsDescribed) {
  const Schema schema =
      make_schema(make_description({{"portfolio.value", "revenue"}, {"column.revenue.transform", "log1p"}}),
                  {column("balance"), column("revenue")});

  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance", "revenue"));
}

TEST(Schema, TakesTextsForCategories) {
  const Schema schema = make_schema(make_description({}), {column("balance"), column("city", ColumnType::text)});

  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance", "city"));
  EXPECT_EQ(schema.columns[1].kind, Kind::category);
  EXPECT_EQ(schema.columns[1].settings.missing, Missing::indicator);
}

TEST(Schema, LeavesProtectedAttributesOutUnlessTheyAreDescribed) {
  const std::vector<StoredColumn> columns = {column("balance"), column("Gender", ColumnType::text), column("zip")};
  const Schema schema = make_schema(make_description({}), columns);

  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance"));
  EXPECT_THAT(names_with(schema, Role::profile), ElementsAre("Gender", "zip"));
  EXPECT_EQ(schema.columns[1].reason, "named like a protected attribute");
  EXPECT_THAT(names_with(make_schema(make_description({{"column.zip.type", "category"}}), columns), Role::feature),
              ElementsAre("balance", "zip"));
}

TEST(Schema, KnowsTheKindsThatADescriptionGives) {
  const std::vector<StoredColumn> columns = {column("plan", ColumnType::int32), column("tier", ColumnType::text),
                                             column("grade", ColumnType::int32)};
  const Schema schema = make_schema(make_description({{"column.plan.type", "category"},
                                                      {"column.plan.missing", "mode"},
                                                      {"column.tier.order", "low, mid, \"very, high\""},
                                                      {"column.tier.scores", "0, 1, 4"},
                                                      {"column.grade.type", "ordinal"}}),
                                    columns);

  EXPECT_EQ(schema.columns[0].kind, Kind::category);
  EXPECT_FALSE(schema.columns[0].levels.are_texts);
  EXPECT_EQ(schema.columns[1].kind, Kind::ordinal);
  EXPECT_THAT(schema.columns[1].settings.order, ElementsAre("low", "mid", "very, high"));
  EXPECT_EQ(schema.columns[2].kind, Kind::number);  // its numbers are its scores
}

TEST(Schema, RefusesSettingsThatDoNotFitAKind) {
  const std::vector<StoredColumn> columns = {column("balance"), column("tier", ColumnType::text)};
  const auto reason = [&](const std::vector<Setting>& settings) {
    return std::string(refusal(settings, columns).what());
  };

  EXPECT_THAT(reason({{"column.tier.type", "number"}}),
              HasSubstr("column.tier.type is number, but the column holds text. Convert it as numbers"));
  EXPECT_THAT(reason({{"column.tier.type", "ordinal"}}), HasSubstr("Add order = low, mid, high"));
  EXPECT_THAT(reason({{"column.tier.type", "id"}}), HasSubstr("Name the id in [portfolio]: id = COLUMN"));
  EXPECT_THAT(reason({{"column.tier.type", "categroy"}}), HasSubstr("Did you mean 'category'?"));
  EXPECT_THAT(
      reason({{"column.tier.scale", "zscore"}}),
      HasSubstr("column.tier.scale is set, but the column holds text, a category, which has none. Remove the line, "
                "or convert the column as numbers"));
  EXPECT_THAT(reason({{"column.tier.missing", "median"}}),
              HasSubstr("column.tier.missing cannot be median: the column is of type category. Use indicator"));
  EXPECT_THAT(reason({{"column.balance.missing", "mode"}}), HasSubstr("Use mean, median, zero, indicator or error"));
  EXPECT_THAT(reason({{"column.balance.order", "1, 2"}, {"column.balance.type", "number"}}),
              HasSubstr("column.balance.order is set, but the column is of type number"));
  EXPECT_THAT(reason({{"column.balance.unseen", "error"}}), HasSubstr("but the column has no levels"));
  EXPECT_THAT(reason({{"column.tier.order", "low"}}), HasSubstr("Write two or more different levels"));
  EXPECT_THAT(reason({{"column.tier.order", "low, low"}}), HasSubstr("Write two or more different levels"));
  EXPECT_THAT(reason({{"column.tier.order", "low, high"}, {"column.tier.scores", "1"}}),
              HasSubstr("column.tier.scores has 1 numbers for 2 levels of order. Write one for each level"));
  EXPECT_THAT(reason({{"column.tier.min_level", "60%"}}), HasSubstr("a share of the customers from 0 to 0.5"));
  EXPECT_THAT(reason({{"column.tier.min_level", "1%"}, {"column.tier.unseen", "error"}}),
              HasSubstr("Remove one of the two lines"));
  EXPECT_EQ(refusal({{"column.tier.type", "number"}}, columns).code(), ExitCode::config);
}

TEST(Schema, RefusesClipsAndLambdasThatMeanNothing) {
  const std::vector<StoredColumn> columns = {column("balance")};
  const auto reason = [&](const std::vector<Setting>& settings) {
    return std::string(refusal(settings, columns).what());
  };

  for (const char* shares : {"0.999, 0.001", "0.1", "1, 99", "-0.1, 0.9", "low, high"})
    EXPECT_THAT(reason({{"column.balance.clip", shares}}),
                HasSubstr("Write two shares of the values, the lower first: 0.001, 0.999; clip_at names limits"));
  EXPECT_THAT(reason({{"column.balance.clip_at", "5000, 0"}}),
              HasSubstr("Write two numbers, the lower first: 0, 5000"));
  EXPECT_THAT(reason({{"column.balance.clip_at", "0, 5"}, {"column.balance.clip", "0, 0.9"}}),
              HasSubstr("column.balance.clip is set beside clip_at. Remove one of the two lines"));
  EXPECT_THAT(reason({{"column.balance.lambda", "0.5"}}),
              HasSubstr("column.balance.lambda is set, but the transform is none"));
  EXPECT_THAT(reason({{"column.balance.transform", "yeo-johnson"}}), HasSubstr("Add a line such as lambda = 0.5"));
  EXPECT_THAT(reason({{"column.balance.lambda", "x"}}), HasSubstr("Write a number from -5 to 5"));
}

TEST(Schema, RefusesColumnsThatDoNotExistAndNamesTheNearest) {
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

TEST(Schema, RefusesTextAsValue) {
  const std::vector<StoredColumn> columns = {column("balance"), column("city", ColumnType::text)};

  const Error value = refusal({{"portfolio.value", "city"}}, columns);

  EXPECT_EQ(value.code(), ExitCode::config);
  EXPECT_EQ(value.place().column, "city");
}

TEST(Schema, LetsADescribedTextColumnBeExcluded) {
  const Schema schema =
      make_schema(make_description({{"column.city.family", "geographic"}, {"portfolio.exclude", "city"}}),
                  {column("balance"), column("city", ColumnType::text)});

  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance"));
}

TEST(Schema, RefusesIdsOfBooleans) {
  const Error error =
      refusal({{"portfolio.id", "account"}}, {column("account", ColumnType::boolean), column("balance")});

  EXPECT_EQ(error.code(), ExitCode::config);
  EXPECT_EQ(error.place().column, "account");
  EXPECT_THAT(error.what(), AllOf(HasSubstr("the id column is stored as boolean"), HasSubstr("id = none")));
}

TEST(Schema, RefusesAUsualIdOfAnUnusableTypeUntilItIsExcluded) {
  const std::vector<StoredColumn> columns = {column("balance"), column("customer_id", ColumnType::boolean)};

  EXPECT_EQ(refusal({}, columns).code(), ExitCode::config);
  EXPECT_EQ(make_schema(make_description({{"portfolio.exclude", "customer_id"}}), columns).id(), "");
}

TEST(Schema, AcceptsIdsOfTextAndNumbersEvenWhereExcluded) {
  for (ColumnType type : {ColumnType::text, ColumnType::int32, ColumnType::int64, ColumnType::float64})
    EXPECT_EQ(make_schema(make_description({{"portfolio.exclude", "customer_id"}}),
                          {column("balance"), column("customer_id", type)})
                  .id(),
              "customer_id");
}

TEST(Schema, RefusesAPortfolioWithoutFeatures) {
  const Error error = refusal({}, {column("gender", ColumnType::text), column("id", ColumnType::int64)});

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("no column is left to segment by; left out: gender (named like a protected "
                                      "attribute)"));
}

TEST(Schema, SaysOfEachColumnWhatItIsAndWhy) {
  const Schema schema = make_schema(
      make_description(
          {{"portfolio.value", "revenue, balance"}, {"portfolio.exclude", "age"}, {"column.balance.weight", "2"}}),
      {column("id", ColumnType::int64), column("age"), column("balance"), column("city", ColumnType::text),
       column("is_new", ColumnType::boolean), column("revenue")});

  EXPECT_THAT(names_with(schema, Role::id), ElementsAre("id"));
  EXPECT_THAT(names_with(schema, Role::profile), ElementsAre("age"));
  EXPECT_THAT(names_with(schema, Role::feature), ElementsAre("balance", "city", "is_new"));
  EXPECT_THAT(names_with(schema, Role::value), ElementsAre("revenue"));
  EXPECT_THAT(schema.value_names(), ElementsAre("revenue", "balance"));
  EXPECT_EQ(schema.columns[3].reason, "");
  EXPECT_EQ(schema.columns[4].kind, Kind::flag);
  EXPECT_EQ(schema.columns[0].kind, Kind::id);
}

TEST(Schema, NamesEveryRoleAndKindTheWayItReadsIt) {
  for (Role each : {Role::id, Role::feature, Role::value, Role::weight, Role::profile, Role::unused})
    EXPECT_EQ(role_names.named(name_of(each), "role"), each);
  for (Kind each : {Kind::id, Kind::number, Kind::flag, Kind::category, Kind::ordinal, Kind::date})
    EXPECT_EQ(kind_names.named(name_of(each), "kind"), each);
}

TEST(Schema, KnowsWhatPeopleReadOfAColumn) {
  const Schema schema = make_schema(make_description({{"column.revenue.label", "Annual revenue"},
                                                      {"column.revenue.unit", "EUR"},
                                                      {"column.revenue.format", "money"},
                                                      {"portfolio.value", "revenue"}}),
                                    {column("balance"), column("revenue")});

  EXPECT_EQ(schema.columns[1].role, Role::value);  // words alone make no feature
  EXPECT_EQ(schema.columns[1].settings.words, (ColumnWords{"Annual revenue", "EUR", ShownAs::money}));
  EXPECT_EQ(schema.columns[0].settings.words, ColumnWords());
}

TEST(Schema, CrossesColumnsThatAreNoFeatures) {
  const std::vector<StoredColumn> columns = {column("balance"), column("old", ColumnType::text), column("tier")};
  const Schema schema =
      make_schema(make_description({{"portfolio.cross", "old, tier"}, {"column.tier.type", "category"}}), columns);

  EXPECT_EQ(schema.columns[1].role, Role::profile);
  EXPECT_TRUE(schema.columns[1].is_crossed);
  EXPECT_EQ(schema.columns[2].role, Role::feature);
  EXPECT_TRUE(schema.columns[2].is_crossed);
  EXPECT_FALSE(schema.columns[0].is_crossed);
  EXPECT_THAT(refusal({{"portfolio.cross", "odl"}}, columns).what(), HasSubstr("'odl' is named as crossed"));
}

TEST(Schema, RefusesWordsThatCannotBeShown) {
  const auto reason = [&](const std::vector<Setting>& settings) {
    return std::string(refusal(settings, {column("balance")}).what());
  };

  EXPECT_THAT(reason({{"column.balance.label", std::string(81, 'a')}}), HasSubstr("up to 80 bytes"));
  EXPECT_THAT(reason({{"column.balance.unit", "E\x1b[2J"}}), HasSubstr("column.balance.unit cannot be used"));
  EXPECT_THAT(reason({{"column.balance.format", "currency"}}), HasSubstr("column.balance.format"));
}

TEST(Schema, KeepsTheFilterWithTheCodesOfItsColumns) {
  const Schema schema = make_schema(make_description({{"portfolio.filter", " tenure >= 6 and plan = \"gold\" "},
                                                      {"column.tenure.missing_codes", "999"}}),
                                    {column("tenure"), column("plan", ColumnType::text)});

  EXPECT_EQ(schema.population.filter, "tenure >= 6 and plan = \"gold\"");
  EXPECT_EQ(schema.population.missing_codes, (MissingCodes{{"tenure", {999}}}));
  EXPECT_TRUE(make_schema(make_description({}), {column("tenure")}).population.is_everybody());
}

TEST(Schema, RefusesAFilterThatDoesNotFitTheColumns) {
  const Error unknown = refusal({{"portfolio.filter", "tenur >= 6"}}, {column("tenure")});
  const Error mixed = refusal({{"portfolio.filter", "tenure = \"six\""}}, {column("tenure")});

  EXPECT_EQ(unknown.code(), ExitCode::config);
  EXPECT_THAT(unknown.what(), HasSubstr("portfolio.filter names 'tenur'"));
  EXPECT_THAT(unknown.remedy_text(), HasSubstr("tenure"));
  EXPECT_THAT(mixed.what(), HasSubstr("portfolio.filter: the column holds numbers and is compared with a text"));
}

}  // namespace cardseg::portfolio
