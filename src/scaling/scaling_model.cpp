#include "cardseg/scaling/scaling_model.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <set>

#include "cardseg/core/philox.hpp"

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

// Solves the normal equations of the used terms by Gaussian elimination; nothing where they are dependent. Rows are divided by the
// seconds, so that errors are relative, and terms by their largest value, so that pivots compare.
class LeastSquares {
 public:
  explicit LeastSquares(const std::vector<ScalingSample>& samples) {
    for (const ScalingSample& sample : samples) {
      Terms row = terms_of(sample.comparisons, sample.ranks);
      for (double& term : row) term /= sample.iteration_s;
      rows_.push_back(row);
      for (std::size_t t = 0; t < term_count; ++t) scale_[t] = std::max(scale_[t], row[t]);
    }
    for (Terms& row : rows_)
      for (std::size_t t = 0; t < term_count; ++t) row[t] = scale_[t] > 0 ? row[t] / scale_[t] : 0.0;
  }

  // The best coefficients that are at least 0: the best over all subsets of terms whose own solution is.
  Terms solve(const UsedTerms& allowed) const {
    Terms best{};
    double least = residual(best);
    for (unsigned subset = 1; subset < 1U << term_count; ++subset) {
      const std::optional<Terms> found = solve_subset(subset, allowed);
      if (!found || std::ranges::min(*found) < 0 || residual(*found) >= least) continue;
      best = *found;
      least = residual(best);
    }
    for (std::size_t t = 0; t < term_count; ++t)
      if (scale_[t] > 0) best[t] /= scale_[t];
    return best;
  }

 private:
  double residual(const Terms& scaled) const {
    double sum = 0;
    for (const Terms& row : rows_) {
      double error = 1;
      for (std::size_t t = 0; t < term_count; ++t) error -= row[t] * scaled[t];
      sum += error * error;
    }
    return sum;
  }

  std::optional<Terms> solve_subset(unsigned subset, const UsedTerms& allowed) const {
    std::vector<std::size_t> used;
    for (std::size_t t = 0; t < term_count; ++t)
      if (subset >> t & 1U) {
        if (!allowed[t]) return std::nullopt;
        used.push_back(t);
      }
    // matrix = A^T A with A^T 1 as its last column.
    std::vector<std::vector<double>> matrix(used.size(), std::vector<double>(used.size() + 1));
    for (const Terms& row : rows_)
      for (std::size_t i = 0; i < used.size(); ++i) {
        for (std::size_t j = 0; j < used.size(); ++j) matrix[i][j] += row[used[i]] * row[used[j]];
        matrix[i].back() += row[used[i]];
      }
    if (!eliminate(matrix)) return std::nullopt;
    Terms solution{};
    for (std::size_t i = 0; i < used.size(); ++i) solution[used[i]] = matrix[i].back();
    return solution;
  }

  static bool eliminate(std::vector<std::vector<double>>& matrix) {
    for (std::size_t pivot = 0; pivot < matrix.size(); ++pivot) {
      std::size_t largest = pivot;
      for (std::size_t i = pivot; i < matrix.size(); ++i)
        if (std::abs(matrix[i][pivot]) > std::abs(matrix[largest][pivot])) largest = i;
      std::swap(matrix[pivot], matrix[largest]);
      const double divisor = matrix[pivot][pivot];
      if (std::abs(divisor) < 1e-12) return false;
      for (double& value : matrix[pivot]) value /= divisor;
      for (std::size_t i = 0; i < matrix.size(); ++i) {
        if (i == pivot) continue;
        const double factor = matrix[i][pivot];
        for (std::size_t j = 0; j < matrix[i].size(); ++j) matrix[i][j] -= factor * matrix[pivot][j];
      }
    }
    return true;
  }

  std::vector<Terms> rows_;
  Terms scale_{};
};

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
  const Terms found = LeastSquares(samples).solve({true, model.has_fixed, model.has_steps});
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
