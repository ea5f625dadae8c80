// Small differences between large numbers: dates and Unix seconds keep theirs in float32.
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;

class Precision : public Faults {
 protected:
  /// shards/a.h5: the column `seconds` from 1,700,000,000 on, `day` from 19,675 on, by a customer's number.
  template <class Seconds>
  void write_customers(int rows, Seconds seconds) const {
    std::vector<std::int64_t> id;
    std::vector<double> second;
    std::vector<double> day;
    for (int i = 0; i < rows; ++i) {
      id.push_back(i * 7 % rows + 4711000);
      second.push_back(1.7e9 + seconds(i));
      day.push_back(19675 + i * i % 11 / 8.0);
    }
    write_shard(at("shards/a.h5"), {{"customer_id", id}, {"seconds", second}, {"day", day}});
  }

  nlohmann::json fit(const std::string& output, const std::string& options, int ranks = 0) const {
    const support::Outcome done = support::run_cardseg(
        "fit --scale none --shards " + at("shards") + " --output " + at(output) + " " + options, {.ranks = ranks});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return nlohmann::json::parse(io::read_file(at(output + "/model.json")));
  }
};

TEST_F(Precision, OfUnixSecondsIsThatOfDoubles) {
  write_customers(3000, [](int i) { return i % 3 * 40 + i * 37 % 13 / 4.0; });

  const double wide = fit("wide", "--segments 3 --precision double").at("inertia");
  const double narrow = fit("narrow", "--segments 3").at("inertia");
  fit("parallel", "--segments 3", 3);

  EXPECT_GT(wide, 1000);
  EXPECT_NEAR(narrow / wide, 1.0, 1e-6);
  EXPECT_EQ(support::column_digests(at("narrow/labels")).at("segment"),
            support::column_digests(at("wide/labels")).at("segment"));
  EXPECT_EQ(io::read_file(at("parallel/model.json")), io::read_file(at("narrow/model.json")));
}

TEST_F(Precision, KeepsTheColumnsUnitsInTheModel) {
  write_customers(300, [](int i) { return i % 3 * 40; });

  const nlohmann::json model = fit("run", "--segments 3");

  std::set<std::int64_t> centres;
  for (const auto& segment : model.at("segments"))
    centres.insert(std::llround(segment.at("centroid_original").at(1).get<double>()));
  EXPECT_EQ(centres, (std::set<std::int64_t>{1'700'000'000, 1'700'000'040, 1'700'000'080}));
}

TEST_F(Precision, TellsCustomersApartByASecond) {
  write_customers(30, [](int i) { return i; });

  fit("run", "--segments 30");
}

TEST_F(Precision, SpeaksOfWhatIsStoredWhereItTellsTooFewApart) {
  write_customers(30, [](int i) { return i < 15 ? i * 1e-6 : 1e9; });

  expect_refused("fit --scale none --exclude day --segments 20 --shards " + at("shards") + " --output " + output(),
                 ExitCode::bad_data, {"customers differ in their features as these are stored (float32)"});
}

}  // namespace
}  // namespace cardseg::faults
