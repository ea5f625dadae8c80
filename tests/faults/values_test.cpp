// Values that no segment can be made of, and portfolios that are odd but good.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

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
                       {"b.h5, column balance, row 7", "infinite", "exclude the column"});
}

TEST_F(Values, MayNotBeTooLarge) {
  const std::string shards = portfolio_with_balance(7, -4711e300);

  expect_fit_refused(shards, ExitCode::bad_data, {"b.h5, column balance, row 7", "above 1e150 in magnitude"});
  expect_refused("validate --shards " + shards, ExitCode::bad_data, {"b.h5, column balance, row 7"});
}

TEST_F(Values, MustFitTheStoredPrecision) {
  const std::string shards = portfolio_with_balance(7, 4711e20);

  expect_fit_refused(shards, ExitCode::bad_data,
                     {"b.h5, column balance, row 7", "stored precision", "--precision double"},
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
                     "--segments 1 --exclude age,purchases");
  expect_refused("validate --exclude age,purchases --shards " + shards, ExitCode::bad_data,
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
  expect_refused(assign, ExitCode::bad_data, {"b.h5, column balance, row 7", "infinite"});
  portfolio_with_balance(7, nan);
  expect_refused(assign, ExitCode::bad_data, {"b.h5, column balance, row 7", "missing"});
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
    std::get<std::vector<std::int64_t>>(column(c, "customer_id").values)[19] = 4711000003;  // row 3 of a.h5
  });

  expect_fit_refused(
      shards, ExitCode::bad_data,
      {"b.h5, column customer_id, row 19", "repeats the customer id of row 3 of " + shards + "/a.h5", "--id"});
  expect_refused("validate --shards " + shards, ExitCode::bad_data, {"b.h5, column customer_id, row 19"});
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
                     {"a.h5, column customer_id, row 19", "repeats the customer id of row 4"});
  expect_fit_refused(with_ids(""), ExitCode::bad_data,
                     {"a.h5, column customer_id, row 19", "the customer id is empty", "--id"});
}

TEST_F(Ids, MustBeWholeNumbersOrText) {
  expect_fit_refused(make_portfolio(), ExitCode::usage, {"column balance", "the id column is stored as float64"},
                     "--segments 3 --id balance");
}

}  // namespace
}  // namespace cardseg::faults
