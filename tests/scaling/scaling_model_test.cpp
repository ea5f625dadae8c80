#include "cardseg/scaling/scaling_model.hpp"

#include <gmock/gmock.h>

namespace cardseg::scaling {
namespace {

constexpr double comparison_s = 2e-11;
constexpr double fixed_s = 3e-5;
constexpr double step_s = 4e-6;
constexpr double work = 1e9;

// What the law says, off by a share that alternates.
std::vector<ScalingSample> samples(const std::vector<int>& ranks, double noise = 0.0, bool is_weak = false) {
  std::vector<ScalingSample> all;
  for (int p : ranks) {
    int steps = 0;
    while (1 << steps < p) ++steps;
    for (int repeat = 0; repeat < 4; ++repeat) {
      const double comparisons = is_weak ? work * p : work;
      const double exact = comparison_s * comparisons / p + (is_weak ? 0 : fixed_s) + step_s * steps;
      all.push_back({p, comparisons, exact * (1 + (repeat % 2 == 0 ? noise : -noise))});
    }
  }
  return all;
}

ScalingStudy study_of(std::vector<double> factors, bool is_crowded_from_four) {
  ScalingOptions options;
  options.customers = 1000;
  options.fit.segments = 10;
  std::vector<ScalingPoint> points;
  for (int p : {1, 2, 4, 8}) {
    ScalingPoint point;
    point.ranks = p;
    point.customers = 1000;
    point.placement.is_crowded = is_crowded_from_four && p >= 4;
    for (double factor : factors) point.runs.push_back({factor * 1e-3 / p, 0, 0, 0});
    points.push_back(point);
  }
  return make_scaling_study(options, 5, true, points);
}

}  // namespace

TEST(ScalingModel, FindsTheCoefficientsOfExactMeasurements) {
  const ScalingModel model = fit_scaling_model(samples({1, 2, 4, 8, 16}));

  EXPECT_NEAR(model.comparison_s / comparison_s, 1, 1e-9);
  EXPECT_NEAR(model.fixed_s / fixed_s, 1, 1e-6);
  EXPECT_NEAR(model.step_s / step_s, 1, 1e-6);
  EXPECT_LT(model.relative_error, 1e-9);
}

TEST(ScalingModel, ForecastsThroughNoise) {
  const ScalingModel model = fit_scaling_model(samples({1, 2, 4, 8, 16}, 0.05));

  const double exact = comparison_s * work / 1024 + fixed_s + 10 * step_s;
  EXPECT_NEAR(model.predict_s(work, 1024) / exact, 1, 0.1);
  EXPECT_NEAR(model.relative_error, 0.05, 0.01);
}

TEST(ScalingModel, UsesAsManyTermsAsMeasurementsTellApart) {
  const ScalingModel one = fit_scaling_model(samples({4}));
  const ScalingModel two = fit_scaling_model(samples({1, 2}));
  const ScalingModel weak = fit_scaling_model(samples({1, 2, 4, 8}, 0, true));

  EXPECT_FALSE(one.has_fixed || one.has_steps);
  EXPECT_TRUE(two.has_steps && !two.has_fixed);
  EXPECT_TRUE(weak.has_steps && !weak.has_fixed);
  EXPECT_NEAR(weak.comparison_s / comparison_s, 1, 1e-9);
  EXPECT_NEAR(weak.step_s / step_s, 1, 1e-6);
}

TEST(ScalingModel, NeverHasACoefficientBelowZero) {
  std::vector<ScalingSample> faster = samples({1, 2, 4, 8});
  for (ScalingSample& each : faster) each.iteration_s /= each.ranks;  // faster than is possible

  const ScalingModel model = fit_scaling_model(faster);

  EXPECT_GE(model.comparison_s, 0);
  EXPECT_GE(model.fixed_s, 0);
  EXPECT_GE(model.step_s, 0);
}

TEST(ScalingStudy, ForecastsUpToAThousandRanks) {
  const ScalingStudy study = study_of({1, 1, 1}, false);

  EXPECT_EQ(study.forecasts.size(), 11U);
  EXPECT_EQ(study.forecasts.back().ranks, 1024);
  EXPECT_NEAR(study.forecasts.back().efficiency, 1, 1e-6);
  EXPECT_DOUBLE_EQ(study.forecasts.back().low_s, study.forecasts.back().high_s);
}

TEST(ScalingStudy, BoundsForecastsByResampledRepeats) {
  const ScalingStudy study = study_of({0.9, 1, 1, 1.1, 1.05}, false);
  const ScalingForecast& far = study.forecasts.back();

  EXPECT_LT(far.low_s, far.high_s);
  EXPECT_LE(far.low_s, far.iteration_s * 1.01);
  EXPECT_GE(far.high_s, far.iteration_s * 0.99);
}

TEST(ScalingStudy, GivesTheSameBoundsAgain) {
  const ScalingStudy once = study_of({0.9, 1, 1.2}, false);
  const ScalingStudy again = study_of({0.9, 1, 1.2}, false);

  EXPECT_EQ(once.forecasts.back().low_s, again.forecasts.back().low_s);
  EXPECT_EQ(once.forecasts.back().high_s, again.forecasts.back().high_s);
}

TEST(ScalingStudy, LeavesRanksThatShareCoresOutOfTheModel) {
  const ScalingStudy study = study_of({1, 1}, true);

  EXPECT_THAT(study.model.fitted_ranks, testing::ElementsAre(1, 2));
  EXPECT_FALSE(study.model.is_of_crowded);
}

}  // namespace cardseg::scaling
