// Months that cannot be compared, and models that they cannot be compared with.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;

class Drift : public Faults {
 protected:
  void SetUp() override {
    make_portfolio();
    const auto fitted = support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + at("run"));
    ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  }

  std::string drift(const std::string& further = "", const std::string& shards = "shards",
                    const std::string& model = "run/model.json") const {
    return "drift " + at(shards) + " --model " + at(model) + " --output " + output() + " " + further;
  }
};

TEST_F(Drift, ComparesAMonthAndLeavesAWholeRun) {
  expect_done(drift("--overwrite"));

  EXPECT_EQ(support::run_cardseg("verify " + output()).exit_code, 0);
  EXPECT_THAT(io::read_file(output() + "/drift.json"), HasSubstr("\"light\": \"green\""));
}

TEST_F(Drift, NeedsAModelWithABaseline) {
  nlohmann::ordered_json model = nlohmann::ordered_json::parse(io::read_file(at("run/model.json")));
  model.erase("baseline");
  write_text(at("old.json"), model.dump());
  model["format_version"] = 3;
  write_text(at("older.json"), model.dump());

  for (const char* name : {"old.json", "older.json"})
    expect_refused(drift("", "shards", name), ExitCode::bad_data,
                   {at(name), "has no baseline", "fit again", "--seeding file and --centroids"});
}

TEST_F(Drift, FindsABaselineThatWasChanged) {
  std::string model = io::read_file(at("run/model.json"));
  const std::string from = "\"min_cell\": 10";
  model.replace(model.find(from), from.size(), "\"min_cell\": 11");
  write_text(at("changed.json"), model);

  expect_refused(drift("", "shards", "changed.json"), ExitCode::bad_data, {"changed.json", "baseline was changed"});
}

TEST_F(Drift, NeedsTheModelsFeaturesAndCustomers) {
  Columns columns = customers(20);
  column(columns, "balance").name = "balanse";
  write_shard(at("other/a.h5"), columns);
  write_shard(at("empty/a.h5"), customers(0));

  expect_refused(drift("", "other"), ExitCode::bad_data, {"a.h5, column balance", "balanse"});
  expect_refused(drift("", "empty"), ExitCode::bad_data, {"empty/a.h5", "no customers", "the month's own shards"});
  expect_refused(drift("", "none"), ExitCode::input_missing, {at("none")});
}

TEST_F(Drift, ReplacesNoRunUnasked) {
  expect_done(drift("--overwrite"));

  const auto refused = support::run_cardseg(drift());

  EXPECT_EQ(refused.exit_code, static_cast<int>(ExitCode::cannot_create)) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("--overwrite"));
}

TEST_F(Drift, NamesAHistoryThatIsNone) {
  write_text(at("watch/2026-09/drift.json"), "{\"secret\": 4711}");

  expect_refused(drift("--history " + at("watch")), ExitCode::bad_data,
                 {"2026-09/drift.json", "no drift.json of a month"});
  expect_refused(drift("--history " + at("nowhere")), ExitCode::input_missing, {at("nowhere"), "earlier months"});
}

TEST_F(Drift, ExplainsThresholds) {
  expect_refused(drift("--psi 0.3,0.1"), ExitCode::usage, {"--psi cannot be '0.3,0.1'", "from where on red: 0.1,0.25"});
  expect_refused(drift("--fail-on blue"), ExitCode::usage, {"--fail-on"});
  expect_refused("drift " + at("shards") + " --output " + output(), ExitCode::usage, {"--model is missing"});
}

TEST_F(Drift, FailsOnALightThatWasAskedFor) {
  Columns columns = customers(40);
  for (double& value : std::get<std::vector<double>>(column(columns, "balance").values)) value *= 1000;
  write_shard(at("month/a.h5"), columns);

  const auto done = support::run_cardseg(drift("--fail-on red", "month"));

  EXPECT_EQ(done.exit_code, static_cast<int>(ExitCode::bad_data)) << done.out << done.err;
  EXPECT_THAT(done.err, HasSubstr("the month is red"));
  EXPECT_THAT(done.out, HasSubstr("assign would refuse it"));
  EXPECT_EQ(support::run_cardseg("verify " + output()).exit_code, 0);
}

}  // namespace
}  // namespace cardseg::faults
