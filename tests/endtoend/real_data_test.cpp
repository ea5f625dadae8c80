// The credit-card data set CC GENERAL against answers of scikit-learn 1.2.1 (float64), from CSV to run directory.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

using support::run_cardseg;
using support::shared_data;
using support::TemporaryDirectory;

nlohmann::json read_json(const std::filesystem::path& path) { return nlohmann::json::parse(std::ifstream(path)); }

// Lloyd from the first k rows to the fixed point: passes, inertia, sizes (largest first).
struct FixedPoint {
  int segments;
  int passes;
  double inertia;
  std::vector<int> sizes;
};
const std::vector<FixedPoint> from_first_rows = {
    {2, 112, 127784.74561625661, {5237, 3713}},
    {3, 33, 111986.35932948253, {6116, 1581, 1253}},
    {4, 36, 104058.9970504403, {4844, 1585, 1576, 945}},
    {5, 22, 92157.2309061353, {3164, 3045, 1357, 989, 395}},
    {6, 41, 84852.44804108258, {3039, 2226, 1321, 1310, 968, 86}},
};

// Best of 30 k-means++ restarts.
const std::map<int, double> best_inertia = {
    {2, 127784.745616}, {3, 111986.165980}, {4, 99073.743470}, {5, 91502.356626}, {6, 84850.912219}};

class RealData : public testing::Test {
 protected:
  void SetUp() override {
    const auto csv = shared_data("cc_general.csv");
    if (csv.empty()) GTEST_SKIP() << "cc_general.csv is not here (set CARDSEG_SHARED_DATA)";
    const auto done =
        run_cardseg("convert " + csv.string() + " --output " + shards() + " --rows-per-shard 3000", {.ranks = 2});
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }

  std::string shards() const { return (scratch_ / "shards").string(); }

  nlohmann::json fit(const std::string& options, const std::string& missing = "mean") const {
    const auto run = scratch_ / "run";
    const auto done = run_cardseg(
        "fit --shards " + shards() + " --missing " + missing + " --overwrite --output " + run.string() + " " + options,
        {.ranks = 2});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return read_json(run / "model.json");
  }

  static std::vector<int> sizes(const nlohmann::json& model) {
    std::vector<int> all;
    for (const auto& segment : model["segments"]) all.push_back(segment["customers"]);
    return all;
  }

  TemporaryDirectory scratch_;
};

TEST_F(RealData, ReachesTheKnownFixedPointsInDouble) {
  for (const FixedPoint& known : from_first_rows) {
    const auto model = fit("--seeding first --precision double --segments " + std::to_string(known.segments));

    EXPECT_NEAR(model["inertia"], known.inertia, 1e-6 * known.inertia);
    EXPECT_EQ(sizes(model), known.sizes);
    EXPECT_EQ(model["fit"]["iterations"], known.passes);
    EXPECT_EQ(model["fit"]["stop"], "fixed-point");
  }
}

TEST_F(RealData, ReachesTheKnownInertiaInFloat32) {
  for (const FixedPoint& known : from_first_rows) {
    const auto model = fit("--seeding first --precision float32 --segments " + std::to_string(known.segments));

    EXPECT_NEAR(model["inertia"], known.inertia, 1e-4 * known.inertia);
  }
}

TEST_F(RealData, FindsTheBestKnownInertiaInThirtyRestarts) {
  for (const auto& [segments, inertia] : best_inertia) {
    const auto model = fit("--restarts 30 --segments " + std::to_string(segments));

    EXPECT_LE(model["inertia"], inertia * (1 + 1e-4));
  }
}

TEST_F(RealData, FillsGapsWithMedianOrZeroLikeTheOtherSoftware) {
  const std::map<int, std::pair<double, double>> known = {{2, {127784.300885, 127783.830510}},
                                                          {3, {111973.375224, 111966.469199}},
                                                          {4, {99061.745846, 99055.456785}},
                                                          {5, {91490.549419, 91484.994026}}};
  for (const auto& [segments, inertia] : known) {
    const auto k = std::to_string(segments);
    EXPECT_LE(fit("--restarts 30 --segments " + k, "median")["inertia"], inertia.first * (1 + 1e-4));
    EXPECT_LE(fit("--restarts 30 --segments " + k, "zero")["inertia"], inertia.second * (1 + 1e-4));
  }
}

TEST_F(RealData, ScoresTheFittedPortfolioToTheSameLabels) {
  fit("--segments 5");
  const auto scored = scratch_ / "scored";
  const auto done = run_cardseg("assign --model " + (scratch_ / "run/model.json").string() + " --shards " + shards() +
                                    " --output " + scored.string(),
                                {.ranks = 3});

  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(support::digests(scored / "labels"), support::digests(scratch_ / "run/labels"));
}

TEST_F(RealData, StartsAgainFromTheCentroidsOfARun) {
  const auto first = fit("--seeding first --segments 4");
  std::filesystem::copy(scratch_ / "run/model.json", scratch_ / "first.json");
  const auto again = fit("--seeding file --centroids " + (scratch_ / "first.json").string() + " --segments 4");

  EXPECT_EQ(again["fit"]["iterations"], 2);  // all move into their segments, then none moves
  EXPECT_EQ(again["segments"], first["segments"]);
}

}  // namespace
}  // namespace cardseg::endtoend
