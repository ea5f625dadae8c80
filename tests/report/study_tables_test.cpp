#include "cardseg/report/study_tables.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/profile/disclosure.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;

quality::StudiedModel studied(int segments, double silhouette) {
  quality::StudiedModel model;
  model.options.segments = segments;
  model.fit.restarts.resize(2);
  model.fit.best_restart = 1;
  model.fit.reached = 2;
  model.agreement = {0.5, 1.0};
  model.segmentation.centroids = cluster::Centroids(segments, 1);
  model.segmentation.total_inertia = 1.0 / 3;
  for (int j = 0; j < segments; ++j) {
    model.segmentation.customers.push_back(10 - j);
    model.segmentation.inertia.push_back(0.25);
    model.silhouette.by_segment.push_back(silhouette);
    model.silhouette.mean_distance.push_back(1.5);
  }
  model.silhouette.mean = silhouette;
  model.calinski_harabasz = 17;
  model.davies_bouldin = 0.5;
  model.sampled_silhouette = NAN;
  return model;
}

// No size is withheld.
StudyEntry entry_of(const quality::StudiedModel& model, const std::string& path) {
  return {model, path, "a", profile::disclosed_sizes(model.segmentation.customers, {0})};
}

}  // namespace

TEST(StudyCsv, HasALineForEachNumberOfSegments) {
  const quality::StudiedModel two = studied(2, 0.125);
  const quality::StudiedModel three = studied(3, -0.5);

  const std::string csv = study_csv({entry_of(two, "models/k02/model.json"), entry_of(three, "models/k03/model.json")});

  EXPECT_THAT(csv, testing::StartsWith("segments,inertia,"));
  EXPECT_THAT(csv, HasSubstr("\n2,0.3333333333333333,17,0.5,0.125,,9,"));
  EXPECT_THAT(csv, HasSubstr("\n3,0.3333333333333333,17,0.5,-0.5,,8,"));
  EXPECT_THAT(csv, HasSubstr(",0.5,2,2,2,"));  // agreement of the other restart, restarts, those that reached, the best
}

TEST(StudyCsv, LeavesEmptyWhatIsNotDefined) {
  const quality::StudiedModel one = studied(1, NAN);

  EXPECT_THAT(study_csv({entry_of(one, "m")}), testing::Not(HasSubstr("nan")));
}

TEST(StudyCsv, HasStabilityOfTheJudgedSize) {
  quality::StudiedModel two = studied(2, 0.125);
  two.r_squared = 0.25;
  two.stability.sizes = {{1000, {0.9, 0.8}, 0.5, 0.1}};
  two.stability.gap = 0.5;
  two.stability.gap_error = 0.125;

  const std::string csv = study_csv({entry_of(two, "m")});

  EXPECT_THAT(
      csv,
      HasSubstr(",r_squared,resampled,stability,least_stability,null_stability,ratio,least_ratio,gap,gap_error\n"));
  EXPECT_THAT(csv, HasSubstr(",0.25,1000,0.8500000000000001,0.8,0.5,"));
  EXPECT_THAT(csv, testing::EndsWith(",0.5,0.125\n"));
}

TEST(StudyJson, HoldsSegmentsRestartsAndPreferences) {
  const quality::StudiedModel two = studied(2, 0.125);

  const auto json =
      nlohmann::json::parse(study_json({entry_of(two, "models/k02/model.json")}, {{"silhouette", 2}}, {}, 500));

  EXPECT_EQ(json["customers"], 19);
  EXPECT_EQ(json["sample"], 19);
  EXPECT_EQ(json["preferred"][0]["segments"], 2);
  const auto& model = json["models"][0];
  EXPECT_TRUE(model["sampled_silhouette"].is_null());
  EXPECT_EQ(model["by_segment"][1]["customers"], 9);
  EXPECT_EQ(model["by_restart"][0]["agreement_with_best"], 0.5);
  EXPECT_EQ(model["model_id"], "a");
  EXPECT_EQ(model["reached"], 2);
  EXPECT_TRUE(model["refitted_from"].is_null());
}

}  // namespace cardseg::report
