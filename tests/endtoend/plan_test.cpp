// What `cardseg plan` says beforehand and what a fit and an assign say afterwards: memory between 0.67 and 1.0 of the
// plan.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::run_cardseg;

constexpr double least_used_share = 0.67;

std::vector<std::int64_t> sizes() {
  std::vector<std::int64_t> customers = {10'000, 30'000, 100'000, 300'000, 1'000'000};
  if (support::is_campaign()) customers.push_back(10'000'000);
  return customers;
}

class Plan : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return (scratch_ / name).string(); }

  void make_portfolio(std::int64_t customers) const {
    const auto made = run_cardseg(
        "generate --extra-features 2 --overwrite --customers " + std::to_string(customers) + " --output " + at("made"),
        {.ranks = 2, .seconds = 600});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  json planned(const std::string& options, int ranks) const {
    const auto done =
        run_cardseg("plan --json --shards " + at("made/shards") + " --ranks " + std::to_string(ranks) + " " + options);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(done.out);
  }
  void run(const std::string& job, const std::string& options, int ranks) const {
    const auto done = run_cardseg(job + " --overwrite --shards " + at("made/shards") + " " + options,
                                  {.ranks = ranks, .seconds = 900});
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }
  // Of the largest rank.
  void expect_memory(const json& plan, const std::string& run_directory) const {
    const json facts = json::parse(std::ifstream(at(run_directory) + "/run.json"));
    const auto peak = facts["peak_memory_bytes"]["largest_rank"].get<double>();
    const auto bytes = plan["memory_bytes"]["rank"].get<double>();
    EXPECT_EQ(facts["planned_memory_bytes"]["largest_rank"], plan["memory_bytes"]["rank"]) << "two models";
    EXPECT_LE(peak, bytes) << plan["rows"] << " customers, " << plan["ranks"] << " ranks";
    EXPECT_GE(peak, least_used_share * bytes) << plan["rows"] << " customers, " << plan["ranks"] << " ranks";
    RecordProperty(run_directory + "_" + plan["rows"].dump() + "_r" + plan["ranks"].dump(),
                   std::to_string(peak / bytes));
  }

 private:
  support::TemporaryDirectory scratch_;
};

}  // namespace

TEST_F(Plan, SaysTheMemoryThatAFitThenUses) {
  for (std::int64_t customers : sizes()) {
    make_portfolio(customers);
    const std::string features = "--description " + at("made/description.ini") + " --segments 8 --restarts 2 ";
    for (int ranks : {1, 2, 3}) {
      run("fit", features + "--max-iterations 4 --output " + at("run"), ranks);
      expect_memory(planned(features, ranks), "run");
    }
  }
}

TEST_F(Plan, SaysTheMemoryThatAnAssignThenUses) {
  for (std::int64_t customers : {10'000, 300'000, 1'000'000}) {
    make_portfolio(customers);
    run("fit", "--segments 5 --restarts 1 --max-iterations 2 --output " + at("run"), 2);
    for (int ranks : {1, 2}) {
      run("assign", "--model " + at("run/model.json") + " --output " + at("scored"), ranks);
      expect_memory(planned("--job assign --model " + at("run/model.json"), ranks), "scored");
    }
  }
}

TEST_F(Plan, StandsBesideWhatAJobTook) {
  make_portfolio(10'000);
  const std::string shards = " --shards " + at("made/shards") + " --output ";
  const std::string jobs[] = {"fit --segments 3 --restarts 2" + shards + at("run"),
                              "study --segments 2..3 --restarts 2" + shards + at("study"),
                              "assign --model " + at("run/model.json") + shards + at("scored")};
  for (const std::string& job : jobs) {
    SCOPED_TRACE(job);
    const auto done = run_cardseg(job, {.ranks = 2});
    const json facts = json::parse(std::ifstream(job.substr(job.rfind(' ') + 1) + "/run.json"));
    EXPECT_GT(facts["planned_s"].get<double>(), 0);
    EXPECT_GT(facts["elapsed_s"].get<double>(), 0);
    EXPECT_THAT(done.out, testing::ContainsRegex("[0-9.]+ s in all; planned [0-9.]+ s"));
    EXPECT_THAT(done.out, testing::ContainsRegex("memory   peak .* planned"));
  }
}

TEST_F(Plan, RefusesWhatNodesCannotHold) {
  make_portfolio(300'000);
  const std::string plan = "plan --trust off --shards " + at("made/shards") + " --nodes 1 --ranks 2 --memory-per-node ";

  const auto refused = run_cardseg(plan + "70M");
  const auto streamed = run_cardseg(plan + "125M");

  EXPECT_EQ(refused.exit_code, 78);
  EXPECT_THAT(refused.err, testing::HasSubstr("(the fewest that can)"));
  EXPECT_EQ(streamed.exit_code, 0) << streamed.err;
  EXPECT_THAT(streamed.out, testing::HasSubstr("streamed"));
}

TEST_F(Plan, RefusesWhatItCannotPlan) {
  make_portfolio(10'000);
  std::ofstream(at("bad.json")) << "{}";
  const auto exit_code = [&](const std::string& options) {
    return run_cardseg("plan --shards " + at("made/shards") + " " + options).exit_code;
  };

  EXPECT_EQ(run_cardseg("plan").exit_code, 64);
  for (const char* options : {"--job verify", "--ranks -1", "--ranks 2 --nodes 3", "--ranks 2000000000",
                              "--cores-per-node -3", "--segments 2..3", "--segments 0", "--json --sbatch",
                              "--memory-per-node much", "--job study --silhouette-sample -5", "--model model.json"})
    EXPECT_EQ(exit_code(options), 64) << options;
  EXPECT_EQ(exit_code("--constants " + at("absent.json")), 66);
  EXPECT_EQ(exit_code("--constants " + at("bad.json")), 78);
}

TEST_F(Plan, TakesEveryOptionOfTheJobThatItPlans) {
  make_portfolio(10'000);
  for (const std::string job : {"fit", "study", "assign"}) {
    const auto printed = run_cardseg(job + " --print-config --output x --shards " + at("made/shards"));
    std::ofstream(at("job.ini")) << printed.out;

    const auto done = run_cardseg("plan --job " + job + " --config " + at("job.ini"));

    EXPECT_EQ(printed.exit_code, 0);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.out, testing::HasSubstr(job == "study" ? "2 to 12" : "8 segments"));
  }
}

TEST_F(Plan, ReckonsWithTheSeedingAndItsRestarts) {
  make_portfolio(600'000);

  const double refined = planned("--segments 6", 1)["elapsed_s"];
  const double plusplus = planned("--segments 6 --seeding k-means++", 1)["elapsed_s"];

  EXPECT_NE(refined, plusplus) << "only refined has a sample";
  EXPECT_EQ(planned("--segments 6 --seeding first", 1)["restarts"], 1);
  EXPECT_EQ(planned("--segments 6 --max-iterations 7", 1)["iterations"], 7);
}

TEST_F(Plan, WarnsOfAModelThatDoesNotExistYet) {
  make_portfolio(10'000);

  const auto done = run_cardseg("plan --job assign --model " + at("later.json") + " --shards " + at("made/shards"));

  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, testing::HasSubstr("does not exist yet"));
}

TEST_F(Plan, PrintsOptionsOfSbatchAlone) {
  make_portfolio(10'000);

  const auto done = run_cardseg("plan --sbatch --threads 2 --shards " + at("made/shards"));

  EXPECT_THAT(done.out, testing::MatchesRegex("--nodes=1\n--ntasks=1\n--ntasks-per-node=1\n--cpus-per-task=2\n"
                                              "--mem=[0-9]+M\n--time=0-00:[0-9]+:00\n"));
}

TEST_F(Plan, UsesConstantsThatWereMeasured) {
  make_portfolio(10'000);
  const auto calibrated = run_cardseg("plan --calibrate --constants " + at("constants.json"));
  ASSERT_EQ(calibrated.exit_code, 0) << calibrated.err;

  EXPECT_EQ(planned("--constants " + at("constants.json"), 1)["time_constants"], at("constants.json"));
  EXPECT_EQ(planned("", 1)["time_constants"], "built in");
}

}  // namespace cardseg::endtoend
