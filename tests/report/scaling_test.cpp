#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cardseg/report/scaling_chart.hpp"
#include "cardseg/report/scaling_tables.hpp"

namespace cardseg::report {
namespace {

using nlohmann::json;
using scaling::ScalingKind;
using scaling::ScalingPoint;
using scaling::ScalingStudy;
using testing::HasSubstr;
using testing::Not;

ScalingStudy study_of(ScalingKind kind, bool is_crowded = false) {
  scaling::ScalingOptions options;
  options.kind = kind;
  options.customers = 1000;
  options.fit.segments = 4;
  std::vector<ScalingPoint> points;
  for (int p : {1, 2}) {
    ScalingPoint point;
    point.ranks = p;
    point.customers = scaling::scaled_customers(options, p);
    point.placement = {1, 2, p, is_crowded && p == 2};
    point.digest = "d1";
    point.messages = p - 1;
    for (double s : {0.5, 0.25, 1.0}) point.runs.push_back({s / p, 0.25 * s / p, 0.5 * s / p, 0.125 * s / p});
    points.push_back(point);
  }
  return scaling::make_scaling_study(options, 5, true, points);
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST(ScalingCsv, HasALineForEachNumberOfRanks) {
  const std::string csv = scaling_csv(study_of(ScalingKind::strong, true));

  EXPECT_THAT(csv, testing::StartsWith("kind,ranks,machines,cores,crowded,"));
  EXPECT_THAT(csv, HasSubstr("\nstrong,1,1,2,no,1000,0,3,0.5,0.25,1,0.125,0.0625,0.3125,1,1,0.125,2,0,0,"));
  EXPECT_THAT(csv, HasSubstr("\nstrong,2,1,2,yes,1000,0,3,0.25,0.125,0.5,0.0625,0.03125,0.15625,2,1,0.125,2,1,0,"));
}

TEST(ScalingJson, HoldsRepeatsModelAndForecasts) {
  const json whole = json::parse(scaling_json(study_of(ScalingKind::weak)));

  EXPECT_EQ(whole["kind"], "weak");
  EXPECT_EQ(whole["points"][1]["customers"], 2000);
  EXPECT_EQ(whole["points"][1]["runs"].size(), 3U);
  EXPECT_EQ(whole["points"][0]["runs"][1]["iteration_s"], 0.25);
  EXPECT_TRUE(whole["model"]["fixed_s"].is_null());
  EXPECT_EQ(whole["model"]["fitted_ranks"], json({1, 2}));
  EXPECT_EQ(whole["forecasts"].back()["ranks"], 1024);
  EXPECT_EQ(whole["forecasts"].back()["customers"], 1'024'000);
}

TEST(ScalingSvg, ShowsEachMeasurementInBothPanels) {
  const std::string svg = scaling_svg(study_of(ScalingKind::strong));

  EXPECT_THAT(svg, testing::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_EQ(count(svg, "<circle class=\"dot\""), 4);
  EXPECT_EQ(count(svg, "class=\"ideal\""), 2);
  EXPECT_EQ(count(svg, "<polygon class=\"band\""), 2);
  EXPECT_THAT(svg, HasSubstr("Strong scaling: 1,000 customers, 5 features, 4 segments"));
}

TEST(ScalingSvg, MarksRanksThatShareCores) {
  EXPECT_EQ(count(scaling_svg(study_of(ScalingKind::strong, true)), "class=\"dot hollow\""), 2);
  EXPECT_THAT(scaling_svg(study_of(ScalingKind::strong, true)), HasSubstr("hollow: ranks share cores"));
  EXPECT_THAT(scaling_svg(study_of(ScalingKind::strong)), Not(HasSubstr("hollow: ")));
}

TEST(ScalingSvg, NeedsNothingFromOutside) {
  const std::string svg = scaling_svg(study_of(ScalingKind::weak));

  EXPECT_THAT(svg, Not(HasSubstr("script")));
  EXPECT_THAT(svg, Not(HasSubstr("href")));
  EXPECT_EQ(count(svg, "http"), 1);  // the name space
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

}  // namespace cardseg::report
