#include "cardseg/portfolio/id_like_columns.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "cardseg/core/error.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::portfolio {
namespace {

using support::error_of;
using support::ShardColumn;
using support::TemporaryDirectory;
using support::world;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Warnings : public core::Events {
 public:
  void warning(std::string_view text) override { texts += std::string(text) + "\n"; }

  std::string texts;
};

template <class T>
std::vector<T> numbers(std::int64_t rows, const std::function<double(std::int64_t)>& of) {
  std::vector<T> values;
  for (std::int64_t i = 0; i < rows; ++i) values.push_back(static_cast<T>(of(i)));
  return values;
}

// What becomes of a column beside another that is a feature, over two shards.
struct Judged {
  Column column;
  std::string warnings;
};

Judged judge(const ShardColumn& column, bool is_described = false, const std::vector<double>& missing_codes = {}) {
  const TemporaryDirectory directory(world());
  const std::int64_t rows = io::row_count(column.values);
  const std::vector<ShardColumn> columns = {
      column, {"share", numbers<double>(rows, [](std::int64_t i) { return 0.5 + static_cast<double>(i % 7); })}};
  support::write_shard(world(), directory / "a.h5", support::rows_of(columns, 0, rows / 3));
  support::write_shard(world(), directory / "b.h5", support::rows_of(columns, rows / 3, rows));
  const io::ShardSet shards(world(), {directory / "a.h5", directory / "b.h5"});
  Description description;
  if (is_described) description.columns[column.name] = {{"scale", "zscore"}};
  description.defaults.missing_codes = missing_codes;
  Warnings warnings;
  const Schema schema = leave_out_id_like(world(), shards, make_schema(description, shards.columns()), warnings);
  return {schema.columns[static_cast<std::size_t>(shards.column_index(column.name))], warnings.texts};
}

double shuffled(std::int64_t i, std::int64_t rows) { return static_cast<double>(i * 7 % rows); }

}  // namespace

TEST(IdLikeColumns, AreThoseThatCountRowsInAnyOrderAndType) {
  for (const double first : {0.0, 1.0}) {
    const auto count = [&](std::int64_t i) { return first + shuffled(i, 40); };
    for (const io::ColumnValues& values :
         {io::ColumnValues(numbers<std::int32_t>(40, count)), io::ColumnValues(numbers<std::int64_t>(40, count)),
          io::ColumnValues(numbers<float>(40, count)), io::ColumnValues(numbers<double>(40, count))}) {
      const Judged judged = judge({"visits", values});
      EXPECT_EQ(judged.column.role, Role::unused);
      EXPECT_EQ(judged.column.reason, "counts rows");
      EXPECT_THAT(judged.warnings, AllOf(HasSubstr("column visits counts rows"), HasSubstr("[column.visits]")));
    }
  }
}

TEST(IdLikeColumns, AreNotThoseOfFewerThanTenRowsOrThatCountFromTwo) {
  EXPECT_EQ(judge({"visits", numbers<double>(9, [](auto i) { return shuffled(i, 9); })}).column.role, Role::feature);
  EXPECT_EQ(judge({"visits", numbers<double>(40, [](auto i) { return 2 + shuffled(i, 40); })}).column.role,
            Role::feature);
}

TEST(IdLikeColumns, AreDifferentWholeNumbersOfAThousandCustomers) {
  const auto spread = [](std::int64_t i) { return 5000 - 3 * static_cast<double>(i); };

  const Judged many = judge({"amount", numbers<double>(1000, spread)});
  const Judged few = judge({"amount", numbers<double>(999, spread)});

  EXPECT_EQ(many.column.role, Role::unused);
  EXPECT_EQ(many.column.reason, "different for every customer");
  EXPECT_THAT(many.warnings, HasSubstr("column amount holds a different whole number for every customer"));
  EXPECT_EQ(few.column.role, Role::feature);
  EXPECT_THAT(few.warnings, HasSubstr("column amount: a different whole number for each of the 999 customers"));
}

TEST(IdLikeColumns, AreSuspectsByNameOfFewerCustomersToo) {
  const auto spread = [](std::int64_t i) { return 100 + 3 * static_cast<double>(i); };

  EXPECT_EQ(judge({"Sl_No", numbers<std::int32_t>(40, spread)}).column.reason, "different for every customer");
  EXPECT_EQ(judge({"Unnamed: 0", numbers<std::int64_t>(40, spread)}).column.reason, "different for every customer");
}

TEST(IdLikeColumns, AreNotNumbersThatRepeatHoweverFarApart) {
  const auto once_again = [](std::int64_t i) { return 3 * static_cast<double>(i == 2999 ? 0 : i); };

  const Judged judged = judge({"amount", numbers<std::int64_t>(3000, once_again)});

  EXPECT_EQ(judged.column.role, Role::feature);
  EXPECT_THAT(judged.warnings, IsEmpty());
}

TEST(IdLikeColumns, AreNotNumbersOfWhichOneHasAFraction) {
  const auto one_half = [](std::int64_t i) { return 3 * static_cast<double>(i) + (i == 1999 ? 0.5 : 0.0); };

  EXPECT_EQ(judge({"amount", numbers<double>(2000, one_half)}).column.role, Role::feature);
}

TEST(IdLikeColumns, MayHaveGaps) {
  const auto with_gaps = [](std::int64_t i) { return i % 5 == 0 ? std::nan("") : 3 * static_cast<double>(i); };

  EXPECT_EQ(judge({"reference", numbers<double>(2000, with_gaps)}).column.reason, "different for every customer");
  EXPECT_EQ(judge({"reference", numbers<double>(1000, with_gaps)}).column.role, Role::feature);
}

TEST(IdLikeColumns, AreJudgedWithMissingCodesAndWithoutThem) {
  const auto coded = [](std::int64_t i) { return i % 5 == 0 ? -1 : 3 * static_cast<double>(i); };
  const auto count = [](std::int64_t i) { return shuffled(i, 40); };

  EXPECT_EQ(judge({"reference", numbers<std::int64_t>(2000, coded)}).column.role, Role::feature);
  EXPECT_EQ(judge({"reference", numbers<std::int64_t>(2000, coded)}, false, {-1}).column.reason,
            "different for every customer");
  EXPECT_EQ(judge({"visits", numbers<std::int64_t>(40, count)}, false, {7}).column.reason, "counts rows");
}

TEST(IdLikeColumns, TellLargeNumbersApartByEveryDigit) {
  std::vector<std::int64_t> near(1000);
  for (std::size_t i = 0; i < near.size(); ++i) near[i] = 9007199254740993 + static_cast<std::int64_t>(i);

  EXPECT_EQ(judge({"reference", near}).column.role, Role::unused);
  near[999] = near[0];
  EXPECT_EQ(judge({"reference", near}).column.role, Role::feature);
}

TEST(IdLikeColumns, AreFeaturesWhereTheyAreDescribed) {
  const Judged judged = judge({"visits", numbers<double>(40, [](auto i) { return shuffled(i, 40); })}, true);

  EXPECT_EQ(judged.column.role, Role::feature);
  EXPECT_THAT(judged.warnings, IsEmpty());
}

TEST(IdLikeColumns, AreWarnedOfWhereOnlyTheirNameIsLikeAKeys) {
  const Judged judged =
      judge({"branch_id", numbers<std::int64_t>(100, [](auto i) { return static_cast<double>(i % 9); })});

  EXPECT_EQ(judged.column.role, Role::feature);
  EXPECT_THAT(judged.warnings, HasSubstr("column branch_id is named like a key"));
}

TEST(IdLikeColumns, LeaveSomeFeatureOrItIsAnError) {
  const TemporaryDirectory directory(world());
  support::write_shard(world(), directory / "a.h5",
                       {{"step", numbers<double>(40, [](auto i) { return static_cast<double>(i); })}});
  const io::ShardSet shards(world(), {directory / "a.h5"});
  Warnings warnings;

  const core::Error error =
      error_of([&] { leave_out_id_like(world(), shards, make_schema({}, shards.columns()), warnings); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("no column is left to segment by; left out: step (counts rows)"));
}

}  // namespace cardseg::portfolio
