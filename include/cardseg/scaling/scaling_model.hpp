// Why an iteration takes as long as it does, and what that says of numbers of ranks that were not measured.
//
//   T(p) = a n k d / p + b + c ceil(log2 p)
//
// a: comparing a feature of a customer with a centroid; b: what does not shrink; c: one step of the allreduce, whose k
// d integers are the same for any p, so latency and bandwidth cannot be told apart and are one term. Coefficients are
// at least 0 and fit by least squares of relative errors, as many as the measured numbers of ranks can tell apart: with
// one a; with two, or where each rank always has as many customers, a and c; else all.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/scaling/scaling.hpp"

namespace cardseg::scaling {

/// A measured iteration.
struct ScalingSample {
  int ranks = 1;
  double comparisons = 0.0;  ///< n k d, of all ranks
  double iteration_s = 0.0;
};

struct ScalingModel {
  double comparison_s = 0.0;      ///< a
  double fixed_s = 0.0;           ///< b
  double step_s = 0.0;            ///< c
  bool has_fixed = false;         ///< b could be told apart
  bool has_steps = false;         ///< c could
  bool is_of_crowded = false;     ///< measurements of ranks that share cores had to be used
  std::vector<int> fitted_ranks;  ///< numbers of ranks that it was fit to
  double relative_error = 0.0;    ///< root mean square of (measured - model) / measured

  double predict_s(double comparisons, int ranks) const;
};

/// Pure. `samples` is not empty; seconds are above 0.
ScalingModel fit_scaling_model(const std::vector<ScalingSample>& samples);

/// What the model says of a number of ranks.
struct ScalingForecast {
  int ranks = 1;
  std::int64_t customers = 0;
  double iteration_s = 0.0;
  double low_s =
      0.0;  ///< 5 and 95 % of the models that resampled repeats give: noise of the measurement, not doubt of the model
  double high_s = 0.0;
  double speedup = 1.0;  ///< as ScalingSummary's, by the model alone
  double efficiency = 1.0;
};

constexpr int forecast_ranks = 1024;

/// A whole study, as its tables and its chart show it.
struct ScalingStudy {
  ScalingOptions options;
  int features = 1;
  bool is_generated = true;  ///< else read from shards
  std::vector<ScalingPoint> points;
  std::vector<ScalingSummary> summaries;
  ScalingModel model;
  std::vector<ScalingForecast> forecasts;  ///< powers of two up to 1,024 ranks
};

/// Pure. The same measurements give the same study. Points whose ranks share cores are left out of the model, unless
/// fewer than two others are there.
ScalingStudy make_scaling_study(const ScalingOptions& options, int features, bool is_generated,
                                std::vector<ScalingPoint> points);

}  // namespace cardseg::scaling
