#include "cardseg/scaling/scaling_model.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>

#include "cardseg/core/philox.hpp"
#include "scaling/non_negative_least_squares.hpp"

namespace cardseg::scaling {
namespace {

constexpr std::size_t term_count = 3;
constexpr int resamples = 1000;
constexpr double low_share = 0.05;
constexpr double high_share = 0.95;

using Terms = std::array<double, term_count>;
using UsedTerms = std::array<bool, term_count>;

int ceil_log2(int ranks) { return std::bit_width(static_cast<unsigned>(ranks) - 1); }

Terms terms_of(double comparisons, int ranks) {
  return {comparisons / ranks, 1.0, static_cast<double>(ceil_log2(ranks))};
}

// The coefficients, at least 0, with the least squares of relative errors. Rows are divided by the seconds, so that
// errors are relative, and terms by their largest value, so that columns compare.
Terms fit_terms(const std::vector<ScalingSample>& samples, const UsedTerms& allowed) {
  Eigen::MatrixXd rows(std::ssize(samples), static_cast<Eigen::Index>(term_count));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Terms terms = terms_of(samples[i].comparisons, samples[i].ranks);
    for (std::size_t t = 0; t < term_count; ++t)
      rows(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(t)) =
          allowed[t] ? terms[t] / samples[i].iteration_s : 0.0;
  }
  const Eigen::RowVectorXd largest = rows.colwise().maxCoeff();
  const Eigen::RowVectorXd scale = (largest.array() > 0).select(largest, 1.0);
  const Eigen::VectorXd scaled =
      non_negative_least_squares(rows.array().rowwise() / scale.array(), Eigen::VectorXd::Ones(rows.rows()));
  Terms found{};
  for (std::size_t t = 0; t < term_count; ++t)
    found[t] = scaled[static_cast<Eigen::Index>(t)] / scale[static_cast<Eigen::Index>(t)];
  return found;
}

double comparisons_of(const ScalingStudy& study, std::int64_t customers) {
  return static_cast<double>(customers) * study.features * study.options.fit.segments;
}

// The points that the model is fit to.
std::vector<const ScalingPoint*> fitted_points(const std::vector<ScalingPoint>& points) {
  std::vector<const ScalingPoint*> all;
  std::vector<const ScalingPoint*> undisturbed;
  for (const ScalingPoint& point : points) {
    all.push_back(&point);
    if (!point.placement.is_crowded) undisturbed.push_back(&point);
  }
  return undisturbed.size() >= std::min<std::size_t>(2, all.size()) ? undisturbed : all;
}

// A sample for each repeat; `choose` says which of so many repeats stands for one.
template <class Choose>
std::vector<ScalingSample> samples_of(const ScalingStudy& study, Choose choose) {
  std::vector<ScalingSample> samples;
  for (const ScalingPoint* point : fitted_points(study.points))
    for (std::size_t i = 0; i < point->runs.size(); ++i)
      samples.push_back({point->ranks, comparisons_of(study, point->customers),
                         point->runs[choose(samples.size(), i, point->runs.size())].iteration_s});
  return samples;
}

std::vector<ScalingModel> resampled_models(const ScalingStudy& study) {
  std::vector<ScalingModel> models;
  for (std::uint32_t r = 0; r < resamples; ++r) {
    const core::RowRandom random(study.options.fit.seed, core::Purpose::bootstrap, r);
    models.push_back(fit_scaling_model(samples_of(study, [&](std::size_t sample, std::size_t, std::size_t repeats) {
      return static_cast<std::size_t>(random.bits(static_cast<std::int64_t>(sample)) % repeats);
    })));
  }
  return models;
}

std::vector<ScalingForecast> make_forecasts(const ScalingStudy& study) {
  const std::vector<ScalingModel> models = resampled_models(study);
  std::vector<ScalingForecast> forecasts;
  const int fewest = study.points.front().ranks;
  const double first_s = study.model.predict_s(comparisons_of(study, scaled_customers(study.options, fewest)), fewest);
  for (int ranks = 1; ranks <= forecast_ranks; ranks *= 2) {
    ScalingForecast forecast;
    forecast.ranks = ranks;
    forecast.customers = scaled_customers(study.options, ranks);
    const double comparisons = comparisons_of(study, forecast.customers);
    forecast.iteration_s = study.model.predict_s(comparisons, ranks);
    std::vector<double> predicted;
    for (const ScalingModel& model : models) predicted.push_back(model.predict_s(comparisons, ranks));
    std::ranges::sort(predicted);
    forecast.low_s = predicted[static_cast<std::size_t>(low_share * resamples)];
    forecast.high_s = predicted[static_cast<std::size_t>(high_share * resamples) - 1];
    const int counted = study.options.kind == ScalingKind::strong ? fewest : ranks;
    forecast.speedup = forecast.iteration_s > 0 ? counted * first_s / forecast.iteration_s : 0.0;
    forecast.efficiency = forecast.speedup / ranks;
    forecasts.push_back(forecast);
  }
  return forecasts;
}

}  // namespace

double ScalingModel::predict_s(double comparisons, int ranks) const {
  const Terms terms = terms_of(comparisons, ranks);
  return comparison_s * terms[0] + fixed_s * terms[1] + step_s * terms[2];
}

ScalingModel fit_scaling_model(const std::vector<ScalingSample>& samples) {
  std::set<int> ranks;
  std::set<double> work;
  for (const ScalingSample& sample : samples) {
    ranks.insert(sample.ranks);
    work.insert(sample.comparisons / sample.ranks);
  }
  ScalingModel model;
  model.fitted_ranks.assign(ranks.begin(), ranks.end());
  model.has_steps = ranks.size() > 1;
  model.has_fixed = ranks.size() > 2 && work.size() > 1;
  const Terms found = fit_terms(samples, {true, model.has_fixed, model.has_steps});
  model.comparison_s = found[0];
  model.fixed_s = found[1];
  model.step_s = found[2];
  double sum = 0;
  for (const ScalingSample& sample : samples)
    sum += std::pow(1 - model.predict_s(sample.comparisons, sample.ranks) / sample.iteration_s, 2);
  model.relative_error = std::sqrt(sum / static_cast<double>(samples.size()));
  return model;
}

ScalingStudy make_scaling_study(const ScalingOptions& options, int features, bool is_generated,
                                std::vector<ScalingPoint> points) {
  ScalingStudy study{options, features, is_generated, std::move(points), {}, {}, {}};
  study.summaries = summarise(options.kind, study.points);
  study.model = fit_scaling_model(samples_of(study, [](std::size_t, std::size_t i, std::size_t) { return i; }));
  for (const ScalingPoint* point : fitted_points(study.points))
    study.model.is_of_crowded = study.model.is_of_crowded || point->placement.is_crowded;
  study.forecasts = make_forecasts(study);
  return study;
}

}  // namespace cardseg::scaling
