#include "quality/null_twin.hpp"

#define EIGEN_DONT_PARALLELIZE  // no sum may depend on the number of threads
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "cardseg/core/error.hpp"
#include "cardseg/core/normal_draw.hpp"
#include "cardseg/core/philox.hpp"
#include "quality/even_rows.hpp"

namespace cardseg::quality {
namespace {

using portfolio::FeatureMatrix;

constexpr std::int64_t most_learned = 10'000;  // customers
constexpr double mixed_in = 0.001;             // of the identity

// Eigen's last bits depend on the build.
double rounded(double value) { return std::nearbyint(value * 0x1p30) * 0x1p-30; }

template <class T>
std::vector<double> column_of(const FeatureMatrix<T>& sample, const std::vector<std::int64_t>& rows, int feature) {
  std::vector<double> values;
  for (const std::int64_t row : rows) values.push_back(static_cast<double>(sample.at(row, feature)));
  return values;
}

double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

// Phi^-1((rank - 1/2) / n), ranks from 1, equal values in the middle of theirs; of mean 0 and variance 1, or all 0.
std::vector<double> normal_scores(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(values[i], i); });
  std::vector<double> scores(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double middle = static_cast<double>(first + end) / 2;
    const double score = rounded(core::normal_quantile(middle / static_cast<double>(values.size())));
    for (; first < end; ++first) scores[order[first]] = score;
  }
  double mean = 0.0;
  for (const double score : scores) mean += score / static_cast<double>(scores.size());
  for (double& score : scores) score -= mean;
  const double deviation = std::sqrt(mean_product(scores, scores));
  for (double& score : scores) score = deviation > 0 ? score / deviation : 0.0;
  return scores;
}

std::vector<double> factor_of(const std::vector<std::vector<double>>& scores) {
  const auto features = static_cast<Eigen::Index>(scores.size());
  Eigen::MatrixXd covariance(features, features);
  for (Eigen::Index f = 0; f < features; ++f)
    for (Eigen::Index g = 0; g <= f; ++g)
      covariance(f, g) = covariance(g, f) = rounded(
          (1 - mixed_in) * mean_product(scores[static_cast<std::size_t>(f)], scores[static_cast<std::size_t>(g)]) +
          (f == g ? mixed_in : 0.0));
  const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance);
  if (cholesky.info() != Eigen::Success)
    throw core::Error(core::ExitCode::internal, "a covariance of normal scores is not positive definite");
  const Eigen::MatrixXd lower = cholesky.matrixL();
  std::vector<double> factor(static_cast<std::size_t>(features * features));
  for (Eigen::Index f = 0; f < features; ++f)
    for (Eigen::Index g = 0; g <= f; ++g) factor[static_cast<std::size_t>(f * features + g)] = rounded(lower(f, g));
  return factor;
}

}  // namespace

template <class T>
NullTwins::NullTwins(const FeatureMatrix<T>& sample) : features_(sample.features()) {
  const std::vector<std::int64_t> rows = even_rows(sample.rows(), most_learned);
  std::vector<std::vector<double>> scores;
  for (int f = 0; f < features_; ++f) {
    std::vector<double> values = column_of(sample, rows, f);
    scores.push_back(normal_scores(values));
    margins_.emplace_back(std::move(values));
  }
  factor_ = factor_of(scores);
}

template <class T>
FeatureMatrix<T> NullTwins::draw(std::uint64_t seed, int twin, std::int64_t rows) const {
  const core::RowRandom random(seed, core::Purpose::null_twin, static_cast<std::uint32_t>(twin));
  FeatureMatrix<T> drawn({0, rows}, features_);
  std::vector<double> independent(static_cast<std::size_t>(features_) + 4);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::uint32_t f = 0; f < static_cast<std::uint32_t>(features_); f += 4) {
      const core::PhiloxCounter words = random.block(row, f / 4);
      for (std::uint32_t i = 0; i < 4; ++i) independent[f + i] = core::normal_of(words[i]);
    }
    for (int f = 0; f < features_; ++f) {
      const double* const of_feature = factor_.data() + static_cast<std::ptrdiff_t>(f) * features_;
      double score = 0.0;
      for (int g = 0; g <= f; ++g) score += of_feature[g] * independent[static_cast<std::size_t>(g)];
      drawn.at(row, f) = static_cast<T>(margins_[static_cast<std::size_t>(f)].at(score));
    }
  }
  return drawn;
}

template NullTwins::NullTwins(const FeatureMatrix<float>&);
template NullTwins::NullTwins(const FeatureMatrix<double>&);
template FeatureMatrix<float> NullTwins::draw<float>(std::uint64_t, int, std::int64_t) const;
template FeatureMatrix<double> NullTwins::draw<double>(std::uint64_t, int, std::int64_t) const;

}  // namespace cardseg::quality
