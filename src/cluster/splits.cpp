#include "cluster/splits.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/weight.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cluster/removal_costs.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr int power_iterations = 8;
constexpr int two_means_iterations = 8;

// [segment]: the rows of its customers, ascending.
template <class T>
std::vector<std::vector<std::int64_t>> members_of(const FeatureMatrix<T>& customers, const Centroids& centroids) {
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(centroids.segments));
  NearestTile answer;
  for (std::int64_t row = 0; row < customers.rows(); ++row) {
    if (row % tile_rows == 0) find_nearest(customers.tile(row / tile_rows), centroids, answer);
    members[static_cast<std::size_t>(answer.first[row % tile_rows])].push_back(row);
  }
  return members;
}

// Four sums, so that the processor need not wait for one.
double dot(const double* a, const double* b, std::size_t features) {
  double sums[4] = {};
  std::size_t f = 0;
  for (; f + 4 <= features; f += 4)
    for (std::size_t s = 0; s < 4; ++s) sums[s] += a[f + s] * b[f + s];
  for (; f < features; ++f) sums[0] += a[f] * b[f];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void add(std::vector<double>& to, const double* x, double times) {
  for (std::size_t f = 0; f < to.size(); ++f) to[f] += times * x[f];
}

// The customers of one segment about their mean.
class Members {
 public:
  template <class T>
  Members(const FeatureMatrix<T>& customers, const std::vector<std::int64_t>& rows)
      : features_(static_cast<std::size_t>(customers.features())), mean_(features_), values_(rows.size() * features_) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t f = 0; f < features_; ++f)
        values_[i * features_ + f] = static_cast<double>(customers.at(rows[i], static_cast<int>(f)));
    for (std::size_t i = 0; i < rows.size(); ++i) add(mean_, row(i), 1 / static_cast<double>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t f = 0; f < features_; ++f) values_[i * features_ + f] -= mean_[f];
  }

  const std::vector<double>& mean() const { return mean_; }

  Split split(int segment) const {
    Split found{segment, 0.0, {}};
    std::vector<double> normal = main_axis();
    double middle = 0.0;
    for (int iteration = 0; iteration < two_means_iterations; ++iteration) {
      std::vector<double> sum(features_);
      double above = 0;
      for (std::size_t i = 0; i < size(); ++i) {
        if (!(dot(row(i), normal.data(), features_) > middle)) continue;
        add(sum, row(i), 1.0);
        ++above;
      }
      const double below = static_cast<double>(size()) - above;
      if (above == 0 || below == 0) break;
      const double gain = dot(sum.data(), sum.data(), features_) * (1 / above + 1 / below);
      if (!(gain > found.gain)) break;
      found.gain = gain;
      found.points.assign(2 * features_, 0.0);
      // The other part's sum is the opposite one: both means lie on the line along `sum`, through the segment's mean.
      for (std::size_t f = 0; f < features_; ++f) {
        found.points[f] = mean_[f] + sum[f] / above;
        found.points[features_ + f] = mean_[f] - sum[f] / below;
      }
      normal = sum;
      middle = 0.5 * dot(sum.data(), sum.data(), features_) * (1 / above - 1 / below);
    }
    return found;
  }

 private:
  std::size_t size() const { return values_.size() / features_; }
  const double* row(std::size_t i) const { return values_.data() + i * features_; }

  // From the customer that is farthest away; not normalised, null where there is no scatter.
  std::vector<double> main_axis() const {
    const double* farthest = row(0);
    for (std::size_t i = 1; i < size(); ++i)
      if (dot(row(i), row(i), features_) > dot(farthest, farthest, features_)) farthest = row(i);
    std::vector<double> axis(farthest, farthest + features_);
    for (int iteration = 0; iteration < power_iterations; ++iteration) {
      const double length = std::sqrt(dot(axis.data(), axis.data(), features_));
      if (!(length > 0)) break;
      for (double& each : axis) each /= length;
      std::vector<double> next(features_);
      for (std::size_t i = 0; i < size(); ++i) add(next, row(i), dot(row(i), axis.data(), features_));
      axis = std::move(next);
    }
    return axis;
  }

  std::size_t features_;
  std::vector<double> mean_;
  std::vector<double> values_;
};

}  // namespace

template <class T>
Splits find_splits(const FeatureMatrix<T>& customers, const Centroids& centroids) {
  const std::vector<std::vector<std::int64_t>> members = members_of(customers, centroids);
  std::vector<Split> all(members.size());
  Centroids means = centroids;
  std::vector<double> mass(members.size());
  core::ThreadFailure failure;
#pragma omp parallel for schedule(dynamic)
  for (std::size_t j = 0; j < members.size(); ++j)
    failure.guard([&] {
      if (members[j].empty()) return;
      const Members each(customers, members[j]);
      all[j] = each.split(static_cast<int>(j));
      std::ranges::copy(each.mean(), means.row(static_cast<int>(j)));
      mass[j] = mass_of(std::ssize(members[j]));
    });
  failure.rethrow();
  Splits found;
  for (const Removal& each : merge_costs(means, mass)) found.merge_costs.push_back(each.cost);
  std::ranges::sort(found.merge_costs);
  for (Split& each : all)
    if (each.gain > 0) found.splits.push_back(std::move(each));
  std::ranges::stable_sort(found.splits, std::ranges::greater(), &Split::gain);
  return found;
}

int count_paying(const Splits& splits, double share) {
  const std::size_t most = std::min(splits.splits.size(), splits.merge_costs.size());
  std::size_t paying = 0;
  while (paying < most && splits.splits[paying].gain > share * splits.merge_costs[paying]) ++paying;
  return static_cast<int>(paying);
}

Centroids with_splits(const Centroids& centroids, const Splits& splits, int width) {
  Centroids wide = centroids;
  for (int i = 0; i < width; ++i) {
    const Split& each = splits.splits[static_cast<std::size_t>(i)];
    const auto half = each.points.begin() + centroids.features;
    std::copy(each.points.begin(), half, wide.row(each.segment));
    wide.values.insert(wide.values.end(), half, each.points.end());
    ++wide.segments;
  }
  return wide;
}

template Splits find_splits<float>(const FeatureMatrix<float>&, const Centroids&);
template Splits find_splits<double>(const FeatureMatrix<double>&, const Centroids&);

}  // namespace cardseg::cluster
