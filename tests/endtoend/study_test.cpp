// The study of k on the credit-card data set CC GENERAL: the same bytes everywhere, the models of single fits, and the
// measures that scikit-learn gives.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cardseg/cluster/vector_width.hpp"
#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

using support::run_cardseg;
using testing::HasSubstr;

struct Shape {
  int ranks;
  int threads;
  std::string simd;
  std::string shards;
};

class Study : public testing::Test {
 protected:
  void SetUp() override {
    const auto csv = support::shared_data("cc_general.csv");
    if (csv.empty()) GTEST_SKIP() << "cc_general.csv is not here (set CARDSEG_SHARED_DATA)";
    for (const char* rows : {"9000", "1300"})
      ASSERT_EQ(
          run_cardseg("convert " + csv.string() + " --output " + at("shards") + rows + " --rows-per-shard " + rows)
              .exit_code,
          0);
  }

  std::string at(const std::string& name) const { return (scratch_ / name).string(); }

  // Digests of everything that must be the same: all but the manifest, which names shards, and the run record.
  std::map<std::string, std::string> study(const Shape& shape, const std::string& options) const {
    const auto done = run_cardseg("study --quiet --overwrite --missing mean --shards " + at("shards" + shape.shards) +
                                      " --output " + at("study") + " --simd " + shape.simd + " " + options +
                                      (options.find("--trust") == std::string::npos ? " --trust off" : ""),
                                  {.ranks = shape.ranks, .threads = shape.threads});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    auto files = support::digests(at("study"));
    files.erase("run.json");
    files.erase("manifest.json");
    return files;
  }

  void expect_models_of_single_fits(const std::string& options) const {
    // A study withholds no means of its models: so the fits do not either.
    const auto files = study({2, 1, "auto", "1300"}, "--segments 3,9 --min-cell 0" + options);
    for (const std::string k : {"3", "9"}) {
      const auto done = run_cardseg("fit --quiet --overwrite --missing mean --min-cell 0 --segments " + k + options +
                                    " --shards " + at("shards1300") + " --output " + at("fit"));
      EXPECT_EQ(done.exit_code, 0) << done.err;
      const auto of_study = nlohmann::json::parse(std::ifstream(at("study/models/k0" + k + "/model.json")));
      const auto of_fit = nlohmann::json::parse(std::ifstream(at("fit/model.json")));
      EXPECT_EQ(of_study["model_id"], of_fit["model_id"]);  // a study gives no names
      EXPECT_EQ(files.at("models/k0" + k + "/centroids.csv"), support::digests(at("fit")).at("centroids.csv"));
    }
  }

  nlohmann::json studied_model(int segments) const {
    const auto whole = nlohmann::json::parse(std::ifstream(at("study/study.json")));
    for (const auto& model : whole["models"])
      if (model["segments"] == segments) return model;
    return {};
  }

  support::TemporaryDirectory scratch_;
};

// Every rank count with either width, thread count and split at least twice.
std::vector<Shape> shapes() {
  std::vector<std::string> widths = cluster::vector_widths();
  std::erase(widths, "auto");  // avx512 and avx2 come first, where there are both
  const std::string& widest = widths.front();
  const std::string& next = widths[std::min<std::size_t>(1, widths.size() - 1)];
  return {{1, 2, next, "1300"},   {2, 1, widest, "1300"}, {2, 2, next, "9000"},  {3, 1, next, "1300"},
          {3, 2, widest, "9000"}, {5, 1, next, "9000"},   {5, 2, widest, "1300"}};
}

}  // namespace

TEST_F(Study, GivesTheSameBytesOnAnyRanksThreadsWidthsAndShards) {
  for (const std::string precision : {"float32", "double"}) {
    const std::string options = "--segments 2..4,7 --restarts 3 --silhouette-sample 2000 --precision " + precision;
    const auto reference = study({1, 1, "auto", "9000"}, options);
    ASSERT_EQ(reference.size(), 4u + 2 * 4);

    for (const Shape& shape : shapes())
      EXPECT_EQ(study(shape, options), reference)
          << shape.ranks << " ranks, " << shape.threads << " threads, " << shape.simd << ", " << shape.shards;
  }
}

TEST_F(Study, RecommendsTheSameOnAnyRanksThreadsAndShards) {
  const std::string options = "--segments 2,3 --restarts 2 --silhouette-sample 0 --trust fast";
  const auto reference = study({1, 1, "auto", "9000"}, options);
  EXPECT_GT(studied_model(2)["stability"]["stability"], 0.5);
  EXPECT_EQ(studied_model(2)["stability"]["resampled"], 1000);

  for (const Shape& shape : {Shape{2, 2, "auto", "1300"}, Shape{3, 1, "auto", "9000"}, Shape{5, 1, "auto", "1300"}})
    EXPECT_EQ(study(shape, options), reference) << shape.ranks << " ranks, " << shape.threads << " threads";
}

TEST_F(Study, KeepsTheModelsThatSingleFitsWrite) {
  for (const std::string options : {" --restarts 4 --seed 9", " --restarts 2 --max-iterations 3 --precision double"})
    expect_models_of_single_fits(options);
}

// One draw at random comes to more inertia with 12 segments than with 11.
TEST_F(Study, FitsAgainWhereInertiaRoseWithTheSameBytesAndSaysSo) {
  const std::string options =
      "--segments 11,12 --min-cell 0 --seeding random --restarts 1 --improve off --seed 7 --silhouette-sample 0";
  const auto reference = study({1, 1, "auto", "9000"}, options);
  for (const Shape& shape : {Shape{2, 1, "auto", "1300"}, Shape{3, 1, "auto", "9000"}, Shape{5, 1, "auto", "1300"}})
    EXPECT_EQ(study(shape, options), reference) << shape.ranks << " ranks";
  const std::string command = "study --missing mean --shards " + at("shards9000") + " --output " + at("stopped") + " ";
  EXPECT_EQ(run_cardseg(command + options + " --max-runtime 0.001").exit_code, 75);
  const auto resumed = run_cardseg(command + options, {.ranks = 2});

  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("of 11 segments, from which it is fitted again"));
  EXPECT_THAT(resumed.out, HasSubstr("12 segments: its restarts came to a higher inertia than 11 segments have"));
  EXPECT_EQ(support::digests(at("stopped")).at("models/k12/model.json"), reference.at("models/k12/model.json"));
  EXPECT_EQ(studied_model(12)["refitted_from"], 11);
  EXPECT_TRUE(studied_model(11)["refitted_from"].is_null());
  EXPECT_LT(studied_model(12)["inertia"], studied_model(11)["inertia"]);
  const auto again =
      run_cardseg("fit --quiet --missing mean --min-cell 0 --segments 12 --seeding file --centroids " +
                  at("study/models/k12/centroids.csv") + " --shards " + at("shards9000") + " --output " + at("again"));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(support::digests(at("again")).at("centroids.csv"), reference.at("models/k12/centroids.csv"));
}

// scikit-learn 1.2.1 on all 17 columns in double, best of 30 restarts: silhouette_score (Euclidean, all customers),
// calinski_harabasz_score, davies_bouldin_score. For k = 2 every restart but few ends in that optimum.
TEST_F(Study, MeasuresWhatScikitLearnMeasures) {
  study({2, 1, "auto", "9000"}, "--segments 2,6 --restarts 30 --precision double");
  const auto two = studied_model(2);
  const auto six = studied_model(6);

  EXPECT_NEAR(two["inertia"], 127784.745616, 1e-4);
  EXPECT_NEAR(two["sampled_silhouette"], 0.209859, 1e-5);
  EXPECT_NEAR(two["calinski_harabasz"], 1706.1528, 1e-3);
  EXPECT_NEAR(two["davies_bouldin"], 1.912098, 1e-5);
  // The same optimum for six to a few customers near a border.
  EXPECT_NEAR(six["sampled_silhouette"], 0.202567, 1e-3);
  EXPECT_NEAR(six["calinski_harabasz"], 1418.7780, 0.1);
  EXPECT_NEAR(six["davies_bouldin"], 1.504567, 2e-3);
}

TEST_F(Study, IsARunThatVerifiesAndWhoseModelsScore) {
  study({1, 1, "auto", "9000"}, "--segments 2..3 --restarts 2");
  const auto scored = run_cardseg("assign --model " + at("study/models/k03/model.json") + " --shards " +
                                  at("shards9000") + " --output " + at("scored"));

  EXPECT_EQ(run_cardseg("verify " + at("study")).exit_code, 0);
  EXPECT_EQ(scored.exit_code, 0) << scored.err;
  const auto segments = support::read_column(at("scored/labels"), "segment");
  EXPECT_EQ(std::ranges::count(segments, 3), studied_model(3)["smallest_segment"].get<std::int64_t>());
}

}  // namespace cardseg::endtoend
