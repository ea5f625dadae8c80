// Values that no segment can be made of, and portfolios that are odd but good.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

class Values : public Faults {
 protected:
  // Two shards of 20 customers; `change` is applied to the second.
  template <class Change>
  std::string portfolio_with(Change change) const {
    make_portfolio(1);
    Columns columns = customers(20, 20);
    change(columns);
    write_shard(at("shards/b.h5"), columns);
    return at("shards");
  }
  std::string portfolio_with_balance(std::size_t row, double value) const {
    return portfolio_with([&](Columns& c) { std::get<std::vector<double>>(column(c, "balance").values)[row] = value; });
  }
  // Every row's balance, in both shards.
  std::string portfolio_of_balance(double value) const {
    for (const char* shard : {"a.h5", "b.h5"}) {
      Columns columns = customers(20, shard[0] == 'a' ? 0 : 20);
      column(columns, "balance").values = std::vector<double>(20, value);
      write_shard(at("shards") + "/" + shard, columns);
    }
    return at("shards");
  }
  nlohmann::json fitted_model() const { return nlohmann::json::parse(std::ifstream(output() + "/model.json")); }
  // What the model says of a column.
  nlohmann::json fitted_column(const std::string& name) const {
    const nlohmann::json model = fitted_model();
    for (const auto& column : model["columns"])
      if (column["name"] == name) return column;
    return nullptr;
  }
  std::string fit(const std::string& options) const {
    return "fit --shards " + at("shards") + " --output " + output() + " " + options;
  }
};

using Ids = Values;
using Sizes = Values;

TEST_F(Values, ThatAreNotANumberAreMissing) {
  portfolio_with_balance(7, nan);

  const auto outcome = expect_done(fit("--segments 3"));

  EXPECT_EQ(fitted_column("balance")["role"], "feature");
  EXPECT_EQ(fitted_column("balance")["facts"]["missing"], 1);
}

TEST_F(Values, MayNotBeInfinite) {
  for (const double value : {infinity, -infinity})
    expect_fit_refused(portfolio_with_balance(7, value), ExitCode::bad_data,
                       {"b.h5, column balance, row 8", "infinite", "exclude the column"});
}

TEST_F(Values, MayNotBeTooLarge) {
  const std::string shards = portfolio_with_balance(7, -4711e300);

  expect_fit_refused(shards, ExitCode::bad_data, {"b.h5, column balance, row 8", "above 1e150 in magnitude"});
  expect_refused("validate --shards " + shards, ExitCode::bad_data, {"b.h5, column balance, row 8"});
}

TEST_F(Values, MustFitTheStoredPrecision) {
  const std::string shards = portfolio_with_balance(7, 4711e20);

  expect_fit_refused(shards, ExitCode::bad_data,
                     {"b.h5, column balance, row 8", "stored precision", "--precision double"},
                     "--segments 3 --scale none");
  expect_done(fit("--segments 3 --scale none --precision double"));
}

TEST_F(Values, MayNotAllBeMissing) {
  const std::string shards = portfolio_of_balance(nan);

  expect_fit_refused(shards, ExitCode::bad_data, {"column balance", "every value of the column is missing", "Exclude"});
  expect_done(fit("--segments 3 --exclude balance"));
}

TEST_F(Values, MayBeMissingOnlyWhereThatIsAllowed) {
  expect_fit_refused(portfolio_with_balance(7, nan), ExitCode::bad_data, {"column balance", "1 value", "missing"},
                     "--segments 3 --missing error");
}

TEST_F(Values, MustSuitTheirTransform) {
  expect_fit_refused(portfolio_with_balance(7, -4711), ExitCode::bad_data,
                     {"column balance", "log1p needs values above -1", "signed-log"}, "--segments 3 --transform log1p");
}

TEST_F(Values, ThatAreAllEqualAreWarnedOfAndNotUsed) {
  portfolio_of_balance(4711);

  const auto outcome = expect_done(fit("--segments 3"));

  EXPECT_EQ(count(outcome.err, "column balance is constant: it gets weight zero and is not used"), 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("unused   column balance (constant)"));
  EXPECT_EQ(fitted_column("balance")["role"], "unused");
  EXPECT_EQ(fitted_column("balance")["reason"], "constant");
}

TEST_F(Values, MustDifferInSomeColumn) {
  const std::string shards = portfolio_of_balance(4711);

  expect_fit_refused(shards, ExitCode::bad_data, {"every column is constant", "cardseg inspect"},
                     "--segments 1 --exclude age,purchases,region");
  expect_refused("validate --exclude age,purchases,region --shards " + shards, ExitCode::bad_data,
                 {"every column is constant"});
}

TEST_F(Values, ThatCannotBeScoredAreRefusedByAssign) {
  make_portfolio();
  ASSERT_EQ(support::run_cardseg("fit --segments 3 --missing error --shards " + at("shards") + " --output " + at("run"))
                .exit_code,
            0);
  const std::string assign =
      "assign --model " + at("run/model.json") + " --output " + output() + " --shards " + at("shards");

  portfolio_with_balance(7, infinity);
  expect_refused(assign, ExitCode::bad_data, {"b.h5, column balance, row 8", "infinite"});
  portfolio_with_balance(7, nan);
  expect_refused(assign, ExitCode::bad_data, {"b.h5, column balance, row 8", "missing"});
}

TEST_F(Values, ThatAreMissingCodesAreFilledInAndCounted) {
  portfolio_with([](Columns& c) {
    std::get<std::vector<std::int32_t>>(column(c, "age").values)[7] = 4711999;
    std::get<std::vector<double>>(column(c, "balance").values)[3] = -4711;
  });
  write_text(at("portfolio.ini"), "[portfolio]\nmissing_codes = -4711\n[column.age]\nmissing_codes = 4711999, 0\n");
  const std::string description = " --description " + at("portfolio.ini");

  const auto outcome = expect_done(fit("--segments 3" + description));

  EXPECT_EQ(fitted_column("age")["facts"]["missing"], 1);
  EXPECT_EQ(fitted_column("balance")["facts"]["missing"], 1);
  EXPECT_EQ(fitted_column("purchases")["facts"]["missing"], 0);
  EXPECT_EQ(fitted_column("age")["settings"]["missing_codes"], (std::vector<double>{4711999, 0}));
  EXPECT_THAT(outcome.out, HasSubstr("imputed  column age: fewer than 10 of 40, by its median\n"));
  EXPECT_THAT(outcome.out, HasSubstr("imputed  column balance: fewer than 10 of 40, by its median\n"));
  EXPECT_THAT(io::read_file(output() + "/report.html"), HasSubstr("<td>its median</td>"));
  EXPECT_EQ(count(outcome.err, "missing_codes of"), 1) << outcome.err;
  const std::string warning = "missing_codes of column age: 0 never occurs there";
  EXPECT_THAT(outcome.err, HasSubstr(warning));
  EXPECT_THAT(io::read_file(output() + "/manifest.json"), HasSubstr('"' + warning + '"'));
  std::filesystem::rename(output(), at("run"));
  expect_done("assign --model " + at("run/model.json") + " --shards " + at("shards") + " --output " + output());
  for (const char* shard : {"a.h5", "b.h5"})
    EXPECT_EQ(io::read_file(output() + "/labels/" + shard), io::read_file(at("run/labels/") + shard));
  EXPECT_THAT(expect_done("validate --shards " + at("shards") + description).err, HasSubstr(warning));
}

TEST_F(Values, ThatNoFeatureHoldsAreNoCodes) {
  portfolio_with([](Columns& c) { std::get<std::vector<double>>(column(c, "balance").values)[3] = -4711; });
  write_text(at("portfolio.ini"), "[portfolio]\nmissing_codes = 4711999, -4711, -4711\n");

  for (const int ranks : {0, 3}) {
    const auto outcome = support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + output() +
                                                  " --overwrite --description " + at("portfolio.ini"),
                                              {.ranks = ranks});

    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(count(outcome.err, "missing_codes of"), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("missing_codes of the portfolio: 4711999 occurs in no feature"));
  }
}

TEST_F(Values, ThatAreTheLeastOfTheirTypeAreWarnedOf) {
  portfolio_with([](Columns& c) {
    std::get<std::vector<std::int32_t>>(column(c, "age").values)[7] = std::numeric_limits<std::int32_t>::min();
  });

  const auto outcome = expect_done(fit("--segments 3"));

  EXPECT_EQ(count(outcome.err, "column age holds -2147483648, by which R and others write a missing value"), 1)
      << outcome.err;
  EXPECT_EQ(count(outcome.err, "missing_codes = -2147483648"), 1);
  EXPECT_EQ(count(expect_done("validate --shards " + at("shards")).err, "column age holds -2147483648"), 1);
}

TEST_F(Values, PastWhatDoublesTellApartAreWarnedOf) {
  Columns columns = customers(20);
  std::vector<std::int64_t> large(20);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = 4711000000000000000 + static_cast<std::int64_t>(i % 3);
  columns.push_back({"reference", large});
  write_shard(at("shards/a.h5"), columns);

  const auto outcome = expect_done(fit("--segments 3"));

  EXPECT_EQ(count(outcome.err, "column reference holds whole numbers past 2^53"), 1) << outcome.err;
}

TEST_F(Values, ThatAssignRefusesAreNotToBeExcluded) {
  make_portfolio();
  ASSERT_EQ(support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + at("run")).exit_code, 0);
  portfolio_with_balance(7, infinity);

  const auto outcome = support::run_cardseg("assign --model " + at("run/model.json") + " --output " + output() +
                                            " --shards " + at("shards"));

  EXPECT_THAT(outcome.err, HasSubstr("row 8: an infinite value. Write missing values as NaN, or correct the value\n"));
}

TEST_F(Sizes, OneSegmentHoldsEverybody) {
  make_portfolio();

  expect_done(fit("--segments 1"));

  EXPECT_EQ(fitted_model()["segments"][0]["customers"], 40);
}

TEST_F(Sizes, SegmentsAreNotMoreThanCustomers) {
  make_portfolio();

  expect_fit_refused(at("shards"), ExitCode::bad_data,
                     {"41 segments were asked for", "only 40 customers", "--segments 40 or fewer"}, "--segments 41");
  expect_done(fit("--segments 40"));
}

TEST_F(Sizes, SegmentsAreNotMoreThanCustomersWhoDiffer) {
  Columns columns = customers(30);
  for (const char* name : {"age", "purchases"}) columns.erase(std::ranges::find(columns, name, &Column::name));
  std::vector<double>& balance = std::get<std::vector<double>>(column(columns, "balance").values);
  for (std::size_t i = 0; i < balance.size(); ++i) balance[i] = static_cast<double>(i % 4);
  write_shard(at("shards/a.h5"), columns);

  expect_fit_refused(at("shards"), ExitCode::bad_data,
                     {"5 segments", "only 4 of 30 customers differ", "--segments 4 or fewer"}, "--segments 5");
  expect_done(fit("--segments 4"));
}

TEST_F(Sizes, NoCustomersAreRefused) {
  write_shard(at("shards/a.h5"), customers(0));

  expect_fit_refused(at("shards"), ExitCode::bad_data, {"no customers", "--shards"});
  expect_refused("validate --shards " + at("shards"), ExitCode::bad_data, {"no customers"});
  expect_done("inspect " + at("shards"));
}

TEST_F(Sizes, EmptyShardsAmongOthersAreGood) {
  write_shard(at("shards/0.h5"), customers(0));
  make_portfolio(2);
  write_shard(at("shards/aa.h5"), customers(0));
  write_shard(at("shards/z.h5"), customers(0));

  expect_done(fit("--segments 3"));

  EXPECT_EQ(support::read_column(output() + "/labels", "segment").size(), 40U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(output() + "/labels"), {}), 5);
}

TEST_F(Sizes, MoreRanksThanShardsAndRowsAreGood) {
  write_shard(at("shards/a.h5"), customers(2));
  for (const int ranks : {1, 3, 5}) {
    std::filesystem::remove_all(output());
    const auto outcome = support::run_cardseg(fit("--segments 2"), {.ranks = ranks});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(support::read_column(output() + "/labels", "segment").size(), 2U);
  }
}

TEST_F(Ids, MayNotRepeatAcrossShardsAndRanks) {
  const std::string shards = portfolio_with([](Columns& c) {
    std::get<std::vector<std::int64_t>>(column(c, "customer_id").values)[19] = 4711000003;  // row 4 of a.h5
  });

  expect_fit_refused(shards, ExitCode::bad_data,
                     {"b.h5, column customer_id, row 20",
                      "repeats the customer id of row 4 of " + shards + "/a.h5 (rows count from 1)",
                      "it is the only repetition", "--id none numbers the rows"});
  expect_refused("validate --shards " + shards, ExitCode::bad_data, {"b.h5, column customer_id, row 20"});
}

TEST_F(Ids, OfTextMayNotRepeatOrBeEmpty) {
  const auto with_ids = [&](const std::string& last) {
    Columns columns = customers(20);
    std::vector<std::string> ids;
    for (int i = 0; i < 19; ++i) ids.push_back("secret" + std::to_string(i));
    ids.push_back(last);
    column(columns, "customer_id").values = ids;
    write_shard(at("shards/a.h5"), columns);
    return at("shards");
  };

  expect_fit_refused(with_ids("secret4"), ExitCode::bad_data,
                     {"a.h5, column customer_id, row 20", "repeats the customer id of row 5"});
  expect_fit_refused(with_ids(""), ExitCode::bad_data,
                     {"a.h5, column customer_id, row 20", "the customer id is empty", "--id"});
}

TEST_F(Ids, SayHowOftenTheyRepeatAndWhereFirst) {
  const std::string shards = portfolio_with([](Columns& c) {
    std::vector<std::int64_t>& ids = std::get<std::vector<std::int64_t>>(column(c, "customer_id").values);
    ids[5] = ids[19] = ids[18] = 4711000017;  // row 18 of a.h5
    ids[4] = ids[3];
  });

  expect_fit_refused(
      shards, ExitCode::bad_data,
      {"b.h5, column customer_id, row 5: this row repeats the customer id of row 4 of " + shards + "/b.h5",
       "it is the first of 4 rows that repeat an id", "correct the ids that repeat"});
}

TEST_F(Ids, ThatAreTransactionsAreToldSo) {
  const std::string shards = portfolio_with([](Columns& c) {
    for (std::int64_t& id : std::get<std::vector<std::int64_t>>(column(c, "customer_id").values)) id = 4711000001;
  });

  expect_fit_refused(shards, ExitCode::bad_data,
                     {"b.h5, column customer_id, row 1: ", "the first of 20 rows", "look like transactions",
                      "cardseg rfm", "one row a customer"});
}

TEST_F(Ids, OfAssignAreTheModels) {
  make_portfolio(1);
  ASSERT_EQ(support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + at("run")).exit_code, 0);
  const std::string shards = portfolio_with(
      [](Columns& c) { std::get<std::vector<std::int64_t>>(column(c, "customer_id").values)[19] = 4711000003; });

  expect_refused("assign --model " + at("run/model.json") + " --output " + output() + " --shards " + shards,
                 ExitCode::bad_data, {"row 20", "The model says which column is the id"});
  const auto outcome =
      support::run_cardseg("assign --model " + at("run/model.json") + " --output " + output() + " --shards " + shards);
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("--id")));
}

TEST_F(Ids, MayBeWholeDoubles) {
  make_portfolio(1);
  Columns columns = customers(20);
  std::vector<double> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(4711000000.0 + i);
  column(columns, "customer_id").values = ids;
  write_shard(at("shards/a.h5"), columns);

  expect_done(fit("--segments 3"));

  EXPECT_EQ(support::read_column(output() + "/labels", "customer_id")[19], 4711000019.0);
}

TEST_F(Ids, MustBeWholeNumbersOrText) {
  for (const double id : {4711.5, nan}) {
    const std::string shards = portfolio_with([&](Columns& c) {
      std::vector<double> ids(20);
      for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = 4711.0 + static_cast<double>(i);
      ids[6] = id;
      column(c, "customer_id").values = ids;
    });
    std::filesystem::remove(shards + "/a.h5");
    expect_fit_refused(
        shards, ExitCode::bad_data,
        {"b.h5, column customer_id, row 7", std::isnan(id) ? "missing" : "not whole", "--id none numbers the rows"});
    expect_done(fit("--segments 3 --id none"));
    std::filesystem::remove_all(output());
  }
}

TEST_F(Ids, WithBlanksAroundThemAreWarnedOf) {
  Columns columns = customers(20);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back((i % 4 == 0 ? " secret" : "secret") + std::to_string(i));
  column(columns, "customer_id").values = ids;
  write_shard(at("shards/a.h5"), columns);

  const auto outcome = expect_done(fit("--segments 3"));

  EXPECT_EQ(count(outcome.err, "column customer_id: 5 ids with blanks around them"), 1) << outcome.err;
}

// A column of 1,200 customers that is no feature: what the top of the output, the warning and the model say.
class IdLike : public Values {
 protected:
  Columns many(const std::string& name, io::ColumnValues values) const {
    Columns columns = customers(1200);
    columns.push_back({name, std::move(values)});
    return columns;
  }
  void expect_left_out(const std::string& name, const std::string& reason) {
    const auto outcome = expect_done(fit("--segments 3"));
    EXPECT_THAT(outcome.out, testing::StartsWith("id       customer_id\nleft out"));
    EXPECT_THAT(outcome.out, HasSubstr("left out " + name + " (" + reason + ")\n"));
    EXPECT_EQ(count(outcome.err, "column " + name + " "), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("[column." + name + "]"));
    EXPECT_EQ(fitted_column(name)["role"], "unused");
    EXPECT_EQ(fitted_column(name)["reason"], reason);
    const auto scored = support::run_cardseg("assign --model " + output() + "/model.json --output " + at("scored") +
                                             " --shards " + at("shards"));
    EXPECT_THAT(scored.out, HasSubstr("left out " + name + " (" + reason + ")\n"));
  }
};

TEST_F(IdLike, CountersAreNoFeatures) {
  std::vector<std::int64_t> row(1200);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<std::int64_t>(i * 7 % 1200);
  write_shard(at("shards/a.h5"), many("step", row));

  expect_left_out("step", "counts rows");
}

TEST_F(IdLike, DifferentWholeNumbersOfManyCustomersAreNoFeatures) {
  std::vector<double> reference(1200);
  for (std::size_t i = 0; i < reference.size(); ++i) reference[i] = 4711e6 + 13.0 * static_cast<double>(i);
  write_shard(at("shards/a.h5"), many("reference", reference));

  expect_left_out("reference", "different for every customer");
}

TEST_F(IdLike, DescribedColumnsStayFeatures) {
  std::vector<std::int64_t> row(1200);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<std::int64_t>(i);
  write_shard(at("shards/a.h5"), many("step", row));
  write_text(at("portfolio.ini"), "[column.step]\nscale = minmax\n");

  const auto outcome = expect_done(fit("--segments 3 --description " + at("portfolio.ini")));

  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("left out step")));
  EXPECT_EQ(fitted_column("step")["role"], "feature");
}

TEST_F(IdLike, DifferentWholeNumbersOfFewCustomersAreWarnedOf) {
  Columns columns = customers(20);
  std::vector<std::int64_t> amount(20);
  for (std::size_t i = 0; i < amount.size(); ++i) amount[i] = static_cast<std::int64_t>(4711000 + 13 * i);
  columns.push_back({"amount", amount});
  write_shard(at("shards/a.h5"), columns);

  const auto outcome = expect_done(fit("--segments 3"));

  EXPECT_EQ(count(outcome.err, "column amount: a different whole number for each of the 20 customers; used"), 1)
      << outcome.err;
  EXPECT_EQ(fitted_column("amount")["role"], "feature");
}

// A portfolio in which every default is decided: a counter, different numbers, a second id, dates, missing codes.
void write_odd_portfolio(const std::string& path) {
  constexpr std::int64_t rows = 1500;
  std::vector<std::int32_t> step;
  std::vector<double> reference;
  std::vector<std::int64_t> account;
  std::vector<std::int32_t> opened;
  Columns columns = customers(rows);
  std::vector<std::int32_t>& age = std::get<std::vector<std::int32_t>>(column(columns, "age").values);
  for (std::int64_t row = 0; row < rows; ++row) {
    step.push_back(static_cast<std::int32_t>(row * 7 % rows));
    reference.push_back(row % 9 == 0 ? nan : 4711e3 + 3.0 * static_cast<double>(row));
    account.push_back(471100 + row % 700);
    opened.push_back(static_cast<std::int32_t>(17000 + row % 900));
    if (row % 11 == 0) age[static_cast<std::size_t>(row)] = 999;
  }
  std::vector<io::ColumnSpec> specs = {{"step", io::ColumnType::int32},
                                       {"reference", io::ColumnType::float64},
                                       {"account_id", io::ColumnType::int64},
                                       {"opened", io::ColumnType::int32, 0, true}};
  io::Block block = {step, reference, account, opened};
  for (const Column& each : columns) {
    specs.push_back({each.name, static_cast<io::ColumnType>(each.values.index()), 16});
    block.push_back(each.values);
  }
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  io::ShardWriter writer(path, specs, rows);
  writer.append(block);
  writer.commit();
}

TEST_F(IdLike, DefaultsGiveTheSameBytesOnAnyNumberOfRanks) {
  write_odd_portfolio(at("shards/a.h5"));
  write_text(at("portfolio.ini"), "[portfolio]\nmissing_codes = 999\n");
  std::string first;
  for (const int ranks : {1, 2, 3, 5}) {
    const std::string directory = at("ranks" + std::to_string(ranks));
    const auto outcome = support::run_cardseg("fit --segments 3 --restarts 2 --description " + at("portfolio.ini") +
                                                  " --shards " + at("shards") + " --output " + directory,
                                              {.ranks = ranks});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, testing::StartsWith("id       customer_id\n"
                                                 "left out account_id (named like an id)\n"
                                                 "left out opened (dates)\n"
                                                 "left out reference (different for every customer)\n"
                                                 "left out step (counts rows)\n"));
    EXPECT_THAT(outcome.out, HasSubstr("imputed  column age: 137 of 1,500 (9.1 %), by its median\n"));
    std::string bytes;
    for (const char* file : {"model.json", "report.html", "segments.csv", "centroids.csv", "labels/a.h5"})
      bytes += io::read_file(directory + "/" + file);
    if (ranks == 1) first = bytes;
    EXPECT_TRUE(bytes == first) << ranks << " ranks give other bytes";
  }
}

}  // namespace
}  // namespace cardseg::faults
