#include "cardseg/quality/sampled_silhouette.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <span>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/cluster/point_distances.hpp"
#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/quality/sample.hpp"

namespace cardseg::quality {
namespace {

using cluster::Centroids;
using core::FixedPoint;
using portfolio::FeatureMatrix;
using portfolio::tile_rows;

// The sample's segments by one model.
struct Labels {
  std::vector<std::int32_t> segment;    // of each sample row
  std::vector<std::int64_t> customers;  // of the sample in each segment
  std::vector<double> mass;             // of these

  // Rows up to `end` that follow one another in one segment.
  struct Run {
    std::size_t end = 0;
    std::size_t segment = 0;
  };
  std::vector<Run> runs;

  bool is_defined() const {
    return std::ranges::count_if(customers, [](std::int64_t n) { return n > 0; }) > 1;
  }
  std::size_t segment_of(std::int64_t row) const {
    return static_cast<std::size_t>(segment[static_cast<std::size_t>(row)]);
  }
};

template <class T>
Labels label_sample(const FeatureMatrix<T>& sample, const Centroids& centroids) {
  Labels labels{std::vector<std::int32_t>(static_cast<std::size_t>(sample.tiles() * tile_rows)),
                std::vector<std::int64_t>(static_cast<std::size_t>(centroids.segments)),
                {},
                {}};
  cluster::label_tiles(sample, 0, sample.tiles(), centroids, cluster::make_screen(centroids), labels.segment.data());
  labels.segment.resize(static_cast<std::size_t>(sample.rows()));
  for (std::int32_t segment : labels.segment) ++labels.customers[static_cast<std::size_t>(segment)];
  labels.mass = cluster::masses_of(labels.customers);
  for (std::size_t i = 0; i < labels.segment.size(); ++i) {
    const auto segment = static_cast<std::size_t>(labels.segment[i]);
    if (labels.runs.empty() || labels.runs.back().segment != segment) labels.runs.push_back({0, segment});
    labels.runs.back().end = i + 1;
  }
  return labels;
}

// The sample in the order of its segments: what is added for a segment then follows one another. No sum depends on it.
template <class T>
FeatureMatrix<T> ordered_by_segment(const FeatureMatrix<T>& sample, const Centroids& centroids) {
  const Labels labels = label_sample(sample, centroids);
  std::vector<std::int64_t> order(labels.segment.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::int64_t row) { return labels.segment_of(row); });
  FeatureMatrix<T> ordered({0, sample.rows()}, sample.features());
  for (std::int64_t i = 0; i < sample.rows(); ++i)
    for (int f = 0; f < sample.features(); ++f) ordered.at(i, f) = sample.at(order[static_cast<std::size_t>(i)], f);
  return ordered;
}

// The diagonal of the box around the sample, rounded up: no distance in it is larger.
template <class T>
double largest_distance(const FeatureMatrix<T>& sample) {
  double squared = 0.0;
  for (int f = 0; f < sample.features(); ++f) {
    double least = HUGE_VAL;
    double most = -HUGE_VAL;
    for (std::int64_t i = 0; i < sample.rows(); ++i) {
      least = std::min(least, static_cast<double>(sample.at(i, f)));
      most = std::max(most, static_cast<double>(sample.at(i, f)));
    }
    squared += sample.rows() > 0 ? (most - least) * (most - least) : 0.0;
  }
  return std::sqrt(squared) * (1 + 0x1p-30);
}

// One row of the sample against all of it, for every model.
template <class T>
class RowSilhouettes {
 public:
  RowSilhouettes(const FeatureMatrix<T>& sample, const std::vector<Labels>& models, const FixedPoint& grid)
      : sample_(sample),
        models_(models),
        grid_(grid),
        distances_(static_cast<std::size_t>(sample.tiles() * tile_rows)) {}

  // silhouette(model) of this row, after find_distances(row).
  void find_distances(std::int64_t row) {
    const std::vector<double> point = sample_.point(row);
    for (std::int64_t t = 0; t < sample_.tiles(); ++t)
      cluster::find_point_distances(sample_.tile(t), point.data(), sample_.features(), grid_,
                                    distances_.data() + t * tile_rows);
  }

  double silhouette(std::int64_t row, std::size_t model) {
    const Labels& labels = models_[model];
    sums_.assign(labels.customers.size(), 0);
    std::size_t i = 0;
    for (const Labels::Run& run : labels.runs) {
      std::int64_t sum = 0;
      for (; i < run.end; ++i) sum += distances_[i];
      sums_[run.segment] += sum;
    }
    const std::size_t own = labels.segment_of(row);
    if (labels.customers[own] == 1) return 0.0;
    const double a = grid_.value(sums_[own]) / (labels.mass[own] - cluster::customer_weight);
    double b = HUGE_VAL;
    for (std::size_t j = 0; j < sums_.size(); ++j)
      if (j != own && labels.customers[j] > 0) b = std::min(b, grid_.value(sums_[j]) / labels.mass[j]);
    return std::max(a, b) > 0 ? (b - a) / std::max(a, b) : 0.0;
  }

 private:
  const FeatureMatrix<T>& sample_;
  const std::vector<Labels>& models_;
  const FixedPoint& grid_;
  std::vector<std::int64_t> distances_;  // of the row to all rows, whose weights are 1, in quanta
  std::vector<std::int64_t> sums_;       // by segment; N distances fit in 64 bits for N <= 2^22
};

// Sums of weight times silhouette, by model and segment, in quanta.
using Sums = std::vector<std::vector<std::int64_t>>;

Sums zero_sums(const std::vector<Labels>& models) {
  Sums sums;
  for (const Labels& labels : models) sums.emplace_back(labels.customers.size());
  return sums;
}

// Of the rows of `mine`, in quanta of `unit`.
template <class T>
Sums local_sums(const FeatureMatrix<T>& sample, const std::vector<Labels>& models, core::Range mine,
                const FixedPoint& unit) {
  const FixedPoint grid = FixedPoint::for_values(largest_distance(sample), sample.rows());
  Sums sums = zero_sums(models);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::optional<RowSilhouettes<T>> rows;
    Sums own;
    const bool is_ready = failure.guard([&] {
      rows.emplace(sample, models, grid);
      own = zero_sums(models);
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
      if (!is_ready) continue;
      rows->find_distances(row);
      for (std::size_t m = 0; m < models.size(); ++m)
        if (models[m].is_defined())
          own[m][models[m].segment_of(row)] += unit.round(cluster::customer_weight * rows->silhouette(row, m));
    }
#pragma omp critical(cardseg_sampled_silhouette)
    for (std::size_t m = 0; is_ready && m < sums.size(); ++m)
      std::ranges::transform(sums[m], own[m], sums[m].begin(), std::plus());
  }
  failure.rethrow();
  return sums;
}

SampledSilhouette means_of(const Labels& labels, const std::vector<std::int64_t>& sums, const FixedPoint& unit) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  SampledSilhouette found{nan, {}, labels.customers, false};
  const double mass = std::accumulate(labels.mass.begin(), labels.mass.end(), 0.0);
  if (labels.is_defined()) found.mean = unit.value(std::accumulate(sums.begin(), sums.end(), std::int64_t{0})) / mass;
  for (std::size_t j = 0; j < sums.size(); ++j)
    found.by_segment.push_back(labels.is_defined() && labels.customers[j] > 0 ? unit.value(sums[j]) / labels.mass[j]
                                                                              : nan);
  return found;
}

}  // namespace

template <class T>
std::vector<SampledSilhouette> sampled_silhouettes(const comm::Communicator& comm, const FeatureMatrix<T>& sample,
                                                   const std::vector<Centroids>& centroids) {
  const FixedPoint unit = FixedPoint::for_values(1.0, sample.rows());
  std::vector<Labels> models;
  Sums sums = comm::agree(comm, [&] {
    const FeatureMatrix<T> ordered = ordered_by_segment(sample, centroids.front());
    for (const Centroids& each : centroids) models.push_back(label_sample(ordered, each));
    return local_sums(ordered, models, core::local_range(comm.rank(), sample.rows(), comm.size()), unit);
  });
  std::vector<SampledSilhouette> all;
  for (std::size_t m = 0; m < models.size(); ++m) {
    comm.allreduce_sum(std::span(sums[m]));
    all.push_back(means_of(models[m], sums[m], unit));
  }
  return all;
}

template <class T>
SampledSilhouette measure_silhouette(const comm::Communicator& comm, const FeatureMatrix<T>& matrix,
                                     const Centroids& centroids, std::uint64_t seed) {
  const std::int64_t customers = comm.sum(matrix.rows());
  const bool is_of_all = customers <= most_measured;
  const std::vector<std::int64_t> drawn =
      draw_rows(comm, matrix.global_rows(), is_of_all ? customers : sample_of_more, seed);
  SampledSilhouette found = sampled_silhouettes(comm, gather_sample(comm, matrix, drawn), {centroids}).front();
  found.is_of_all = is_of_all;
  return found;
}

template std::vector<SampledSilhouette> sampled_silhouettes<float>(const comm::Communicator&,
                                                                   const FeatureMatrix<float>&,
                                                                   const std::vector<Centroids>&);
template std::vector<SampledSilhouette> sampled_silhouettes<double>(const comm::Communicator&,
                                                                    const FeatureMatrix<double>&,
                                                                    const std::vector<Centroids>&);
template SampledSilhouette measure_silhouette<float>(const comm::Communicator&, const FeatureMatrix<float>&,
                                                     const Centroids&, std::uint64_t);
template SampledSilhouette measure_silhouette<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                      const Centroids&, std::uint64_t);

}  // namespace cardseg::quality
