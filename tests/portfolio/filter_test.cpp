#include "cardseg/portfolio/filter.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cardseg/core/error.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::portfolio {
namespace {

using support::error_of;
using support::TemporaryDirectory;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<support::ShardColumn>& customers() {
  static const std::vector<support::ShardColumn> columns = {
      {"tenure", std::vector<double>{1, 6, 12, std::nan(""), 999}},
      {"status", std::vector<std::string>{"open", "closed", "open", "", "open"}},
      {"spend, online", std::vector<std::int64_t>{0, 5, 10, 15, 20}},
      {"is_new", std::vector<std::int8_t>{1, 0, 0, 0, 1}}};
  return columns;
}

class Customers {
 public:
  Customers()
      : shards_((support::write_shard(world(), directory_ / "a.h5", customers()), world()), {directory_.path()}) {}

  std::vector<int> chosen(const std::string& rule, const MissingCodes& codes = {}) const {
    const Filter filter("where", rule);
    filter.check(shards_.columns());
    std::vector<int> rows;
    const std::vector<std::uint8_t> matches = filter.matches(shards_, {0, shards_.rows()}, codes);
    for (std::size_t i = 0; i < matches.size(); ++i)
      if (matches[i] != 0) rows.push_back(static_cast<int>(i));
    return rows;
  }
  std::string refusal(const std::string& rule) const {
    const core::Error error = error_of([&] { chosen(rule); });
    EXPECT_EQ(error.code(), core::ExitCode::config);
    return error.what();
  }

 private:
  TemporaryDirectory directory_;
  io::ShardSet shards_;
};

}  // namespace

TEST(Filter, ComparesNumbersTextsAndFlags) {
  const Customers customers;

  EXPECT_THAT(customers.chosen("tenure >= 6"), ElementsAre(1, 2, 4));
  EXPECT_THAT(customers.chosen("tenure > 6"), ElementsAre(2, 4));
  EXPECT_THAT(customers.chosen("tenure < 6"), ElementsAre(0));
  EXPECT_THAT(customers.chosen("tenure<=6"), ElementsAre(0, 1));
  EXPECT_THAT(customers.chosen("tenure = 6"), ElementsAre(1));
  EXPECT_THAT(customers.chosen("status = \"open\""), ElementsAre(0, 2, 4));
  EXPECT_THAT(customers.chosen("status != \"open\""), ElementsAre(1));
  EXPECT_THAT(customers.chosen("\"spend, online\" in (5, 15)"), ElementsAre(1, 3));
  EXPECT_THAT(customers.chosen("is_new = true"), ElementsAre(0, 4));
}

TEST(Filter, CombinesRulesAndBindsAndMoreTightlyThanOr) {
  const Customers customers;

  EXPECT_THAT(customers.chosen("tenure >= 6 and status = \"open\""), ElementsAre(2, 4));
  EXPECT_THAT(customers.chosen("tenure < 6 or tenure > 6 and status = \"open\""), ElementsAre(0, 2, 4));
  EXPECT_THAT(customers.chosen("(tenure < 6 or tenure > 6) AND NOT is_new = true"), ElementsAre(2));
  EXPECT_THAT(customers.chosen("not (status = \"open\" or status = \"closed\")"), testing::IsEmpty());
  EXPECT_THAT(customers.chosen("status not in (\"open\")"), ElementsAre(1));
}

TEST(Filter, TakesMissingValuesForNeitherTrueNorFalse) {
  const Customers customers;

  EXPECT_THAT(customers.chosen("tenure is missing"), ElementsAre(3));
  EXPECT_THAT(customers.chosen("status is not missing"), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(customers.chosen("not tenure >= 6"), ElementsAre(0));
  EXPECT_THAT(customers.chosen("tenure >= 6 or \"spend, online\" = 15"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(customers.chosen("tenure is missing", {{"tenure", {999}}}), ElementsAre(3, 4));
}

TEST(Filter, SaysWhereARuleCannotBeRead) {
  const Customers customers;

  EXPECT_THAT(customers.refusal("tenure >="),
              HasSubstr("where cannot be read at its end: a number, or a text in quotes"));
  EXPECT_THAT(customers.refusal("tenure >= six"), HasSubstr("at byte 11, where 'six' stands"));
  EXPECT_THAT(customers.refusal("tenure >= 6 status = 1"), HasSubstr("'and', 'or' or the end is expected"));
  EXPECT_THAT(customers.refusal("(tenure >= 6"), HasSubstr("')' is expected"));
  EXPECT_THAT(customers.refusal("tenure ~ 6"), HasSubstr("=, !=, <, <=, >, >=, in or is is expected"));
  EXPECT_THAT(customers.refusal("status = \"open"), HasSubstr("a quote that ends"));
  EXPECT_THAT(customers.refusal(""), HasSubstr("the name of a column is expected"));
  EXPECT_THAT(customers.refusal(std::string(200, '(') + "tenure = 1"), HasSubstr("brackets deeper than 50"));
}

TEST(Filter, SaysWhatAColumnCannotBeComparedWith) {
  const Customers customers;

  EXPECT_THAT(customers.refusal("tenur = 1"), HasSubstr("Did you mean 'tenure'?"));
  EXPECT_THAT(customers.refusal("status = 1"), HasSubstr("holds text and is compared with a number"));
  EXPECT_THAT(customers.refusal("status < \"open\""), HasSubstr("texts have no order"));
  EXPECT_THAT(customers.refusal("tenure = \"6\""), HasSubstr("Write the number without quotes"));
}

}  // namespace cardseg::portfolio
