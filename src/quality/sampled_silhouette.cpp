#include "cardseg/quality/sampled_silhouette.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/core/thread_failure.hpp"

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

  bool is_defined() const {
    return std::ranges::count_if(customers, [](std::int64_t n) { return n > 0; }) > 1;
  }
};

template <class T>
Labels label_sample(const FeatureMatrix<T>& sample, const Centroids& centroids) {
  Labels labels{std::vector<std::int32_t>(static_cast<std::size_t>(sample.tiles() * tile_rows)),
                std::vector<std::int64_t>(static_cast<std::size_t>(centroids.segments)),
                {}};
  cluster::label_tiles(sample, 0, sample.tiles(), centroids, cluster::make_screen(centroids), labels.segment.data());
  labels.segment.resize(static_cast<std::size_t>(sample.rows()));
  for (std::int32_t segment : labels.segment) ++labels.customers[static_cast<std::size_t>(segment)];
  labels.mass = cluster::masses_of(labels.customers);
  return labels;
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
      : sample_(sample), models_(models), grid_(grid), distances_(static_cast<std::size_t>(sample.rows())) {}

  // silhouette(model) of this row, after find_distances(row).
  void find_distances(std::int64_t row) {
    const std::vector<double> point = sample_.point(row);
    for (std::int64_t begin = 0; begin < sample_.rows(); begin += tile_rows) {
      alignas(64) double squared[tile_rows];
      std::fill(squared, squared + tile_rows, HUGE_VAL);
      cluster::update_least_distance(sample_.tile(begin / tile_rows), point.data(), sample_.features(), squared);
      const std::int64_t rows = std::min<std::int64_t>(tile_rows, sample_.rows() - begin);
      for (std::int64_t i = 0; i < rows; ++i)
        distances_[static_cast<std::size_t>(begin + i)] = grid_.round(cluster::customer_weight * std::sqrt(squared[i]));
    }
  }

  double silhouette(std::int64_t row, std::size_t model) {
    const Labels& labels = models_[model];
    sums_.assign(labels.customers.size(), 0);
    for (std::size_t i = 0; i < distances_.size(); ++i)
      sums_[static_cast<std::size_t>(labels.segment[i])] += distances_[i];
    const auto own = static_cast<std::size_t>(labels.segment[static_cast<std::size_t>(row)]);
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
  std::vector<std::int64_t> distances_;  // of the row to all rows times their weights, in quanta
  std::vector<std::int64_t> sums_;       // by segment; N distances fit in 64 bits for N <= 2^22
};

// The sums of weight times silhouette of the rows of `mine`, one a model, in quanta of `unit`.
template <class T>
std::vector<std::int64_t> local_sums(const FeatureMatrix<T>& sample, const std::vector<Labels>& models,
                                     core::Range mine, const FixedPoint& unit) {
  const FixedPoint grid = FixedPoint::for_values(largest_distance(sample), sample.rows());
  std::vector<std::int64_t> sums(models.size());
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::optional<RowSilhouettes<T>> rows;
    std::vector<std::int64_t> own;
    const bool is_ready = failure.guard([&] {
      rows.emplace(sample, models, grid);
      own.resize(models.size());
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
      if (!is_ready) continue;
      rows->find_distances(row);
      for (std::size_t m = 0; m < models.size(); ++m)
        if (models[m].is_defined()) own[m] += unit.round(cluster::customer_weight * rows->silhouette(row, m));
    }
#pragma omp critical(cardseg_sampled_silhouette)
    for (std::size_t m = 0; is_ready && m < sums.size(); ++m) sums[m] += own[m];
  }
  failure.rethrow();
  return sums;
}

}  // namespace

template <class T>
std::vector<double> sampled_silhouettes(const comm::Communicator& comm, const FeatureMatrix<T>& sample,
                                        const std::vector<Centroids>& centroids) {
  const FixedPoint unit = FixedPoint::for_values(1.0, sample.rows());
  std::vector<Labels> models;
  std::vector<std::int64_t> sums = comm::agree(comm, [&] {
    for (const Centroids& each : centroids) models.push_back(label_sample(sample, each));
    return local_sums(sample, models, core::local_range(comm.rank(), sample.rows(), comm.size()), unit);
  });
  comm.allreduce_sum(std::span(sums));
  std::vector<double> means;
  for (std::size_t m = 0; m < models.size(); ++m)
    means.push_back(models[m].is_defined() ? unit.value(sums[m]) / cluster::mass_of(sample.rows())
                                           : std::numeric_limits<double>::quiet_NaN());
  return means;
}

template std::vector<double> sampled_silhouettes<float>(const comm::Communicator&, const FeatureMatrix<float>&,
                                                        const std::vector<Centroids>&);
template std::vector<double> sampled_silhouettes<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                         const std::vector<Centroids>&);

}  // namespace cardseg::quality
