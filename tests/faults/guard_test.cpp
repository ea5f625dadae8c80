// Scoring customers whose columns are not what they were at the fit: other types are no matter, other values are.
#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;
using testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Two groups of customers, apart in both columns; whole numbers.
std::vector<double> ages(int rows) {
  std::vector<double> values;
  for (int i = 0; i < rows; ++i) values.push_back((i % 2 ? 25 : 60) + i * 7 % 11);
  return values;
}
std::vector<double> balances(int rows) {
  std::vector<double> values;
  for (int i = 0; i < rows; ++i) values.push_back((i % 2 ? 100 : 900) + i * 13 % 41);
  return values;
}

template <class T>
std::vector<T> as(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

Columns month(const io::ColumnValues& age, const io::ColumnValues& balance) {
  std::vector<std::int64_t> id(static_cast<std::size_t>(io::row_count(age)));
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = 1000 + static_cast<std::int64_t>(i);
  return {{"customer_id", id}, {"age", age}, {"balance", balance}};
}

class Guard : public Faults {
 protected:
  void SetUp() override {
    write_shard(at("month1/a.h5"), month(ages(200), balances(200)));
    fit("month1", "run");
  }

  void fit(const std::string& shards, const std::string& output) const {
    const support::Outcome fitted =
        support::run_cardseg("fit --segments 2 --shards " + at(shards) + " --output " + at(output));
    ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  }
  std::string assign(const std::string& shards, const std::string& output, const std::string& more = "") const {
    return "assign --model " + at("run/model.json") + " --shards " + at(shards) + " --output " + at(output) + " " +
           more;
  }
  nlohmann::json manifest(const std::string& output) const {
    return nlohmann::json::parse(io::read_file(at(output + "/manifest.json")));
  }
  /// Expects that `shards` are scored without a word of warning, on one rank and on three.
  void expect_same_labels(const std::string& shards) const {
    for (const int ranks : {0, 3}) {
      const std::string output = shards + "_" + std::to_string(ranks);
      const support::Outcome done = support::run_cardseg(assign(shards, output), {.ranks = ranks});
      ASSERT_EQ(done.exit_code, 0) << done.err;
      EXPECT_THAT(done.err, Not(HasSubstr("warning column"))) << shards;
      EXPECT_EQ(support::column_digests(at(output + "/labels")), support::column_digests(at("run/labels"))) << shards;
      EXPECT_TRUE(manifest(output).at("warnings").empty());
    }
  }
};

TEST_F(Guard, TakesWholeNumbersAndNarrowTypesForWhatTheyAre) {
  write_shard(at("whole/a.h5"), month(as<std::int64_t>(ages(200)), as<std::int32_t>(balances(200))));
  write_shard(at("narrow/a.h5"), month(as<std::int32_t>(ages(200)), as<float>(balances(200))));

  expect_same_labels("whole");
  expect_same_labels("narrow");
}

TEST_F(Guard, FitsTheSameBytesFromShardsOfOtherTypes) {
  const auto rows = [](std::vector<double> values, std::ptrdiff_t begin, std::ptrdiff_t end) {
    return std::vector<double>(values.begin() + begin, values.begin() + end);
  };
  Columns first = month(as<std::int32_t>(rows(ages(200), 0, 80)), as<float>(rows(balances(200), 0, 80)));
  Columns second = month(rows(ages(200), 80, 200), as<std::int64_t>(rows(balances(200), 80, 200)));
  for (std::int64_t& id : std::get<std::vector<std::int64_t>>(second[0].values)) id += 80;
  write_shard(at("mixed/a.h5"), first);
  write_shard(at("mixed/b.h5"), second);

  fit("mixed", "mixed_run");

  for (const char* file : {"segments.csv", "centroids.csv"})
    EXPECT_EQ(io::read_file(at(std::string("mixed_run/") + file)), io::read_file(at(std::string("run/") + file)));
  EXPECT_EQ(support::column_digests(at("mixed_run/labels")), support::column_digests(at("run/labels")));
}

TEST_F(Guard, RefusesAColumnInAnotherUnit) {
  std::vector<double> cents = balances(200);
  for (double& value : cents) value *= 1000;
  write_shard(at("month2/a.h5"), month(ages(200), cents));

  expect_refused(assign("month2", "out"), ExitCode::bad_data,
                 {"column balance: 200 of 200 customers (100 %) lie outside its range at the fit, 90 to 950",
                  "--guard 0.2", "go on with --no-guard"});
}

TEST_F(Guard, RefusesAnEmptyColumn) {
  write_shard(at("month2/a.h5"), month(std::vector<double>(200, nan), balances(200)));

  expect_refused(assign("month2", "out"), ExitCode::bad_data,
                 {"column age: 200 of 200 customers (100 %) lack a value; 0 % did at the fit"});
}

TEST_F(Guard, RefusesNothingWhereItIsToldSo) {
  write_shard(at("month2/a.h5"), month(std::vector<double>(200, nan), balances(200)));

  const support::Outcome done = support::run_cardseg(assign("month2", "out", "--no-guard"));

  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("warning column age: 200 of 200 customers (100 %) lack a value"));
  EXPECT_EQ(manifest("out").at("config").at("guard"), "off");
}

TEST_F(Guard, WarnsOfSmallerShiftsOnTheConsoleAndInTheManifest) {
  std::vector<double> balance = balances(200);
  for (std::size_t i = 0; i < 30; ++i) balance[i] += 5000;
  write_shard(at("month2/a.h5"), month(ages(200), balance));
  const std::string words =
      "column balance: 30 of 200 customers (15 %) lie outside its range at the fit, 90 to 950; its mean";

  std::vector<std::string> manifests;
  for (const int ranks : {0, 2, 3, 5}) {
    const std::string output = "out" + std::to_string(ranks);
    const support::Outcome done = support::run_cardseg(assign("month2", output), {.ranks = ranks});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(count(done.err, "warning " + words), 1) << done.err;
    EXPECT_THAT(done.out, HasSubstr(words));
    manifests.push_back(io::read_file(at(output + "/manifest.json")));
    EXPECT_EQ(manifests.back(), manifests.front());
  }

  EXPECT_THAT(manifest("out0").at("warnings").at(0).get<std::string>(), HasSubstr(words));
  expect_refused(assign("month2", "out", "--guard 0.1"), ExitCode::bad_data, {words, "--guard 0.1"});
}

TEST_F(Guard, SaysWhatToBewareOfAFit) {
  std::vector<std::string> reports;
  for (const int ranks : {0, 2, 3, 5}) {
    const std::string output = "limited" + std::to_string(ranks);
    const support::Outcome done = support::run_cardseg(
        "fit --segments 9 --max-iterations 1 --restarts 3 --min-cell 30 --seeding random --improve off --shards " +
            at("month1") + " --output " + at(output),
        {.ranks = ranks});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    for (const char* words : {"the fit stopped at its limit of 1 iteration", "fewer than 30 customers",
                              "only one of 3 restarts came to the least inertia"}) {
      EXPECT_EQ(count(done.err, words), 1) << done.err;
      EXPECT_EQ(count(done.out, words), 1) << done.out;
      EXPECT_THAT(io::read_file(at(output + "/report.html")), HasSubstr(words));
      EXPECT_THAT(manifest(output).at("warnings").dump(), HasSubstr(words));
    }
    reports.push_back(io::read_file(at(output + "/manifest.json")));
    EXPECT_EQ(reports.back(), reports.front());
  }
}

TEST_F(Guard, LetsEveryPortfolioOfAFitPass) {
  for (const int rows : {2, 3, 6, 40}) {
    const std::string shards = "few" + std::to_string(rows);
    std::vector<double> balance = balances(rows);
    balance.front() = 1e9;  // one customer far from all others
    if (rows > 5) balance[3] = nan;
    write_shard(at(shards + "/a.h5"), month(ages(rows), balance));
    fit(shards, shards + "_run");

    const support::Outcome done = support::run_cardseg("assign --guard 0.01 --model " + at(shards + "_run/model.json") +
                                                       " --shards " + at(shards) + " --output " + at(shards + "_out"));

    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.err, Not(HasSubstr("warning column"))) << rows;
  }
}

}  // namespace
}  // namespace cardseg::faults
