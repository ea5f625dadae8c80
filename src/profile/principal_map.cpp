#include "cardseg/profile/principal_map.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "profile/principal_direction.hpp"

namespace cardseg::profile {
namespace {

using portfolio::FeatureMatrix;

constexpr double least_share = 1e-6;            // of the variance that an axis stands for
constexpr double customers_of_square_sd = 480;  // so many fill about 16 bins of 30
constexpr double most_bins_of_sd = 8;
constexpr std::size_t bins = std::size_t{PrincipalMap::bins_along} * PrincipalMap::bins_along;

double along(const PrincipalAxis& axis, const std::vector<double>& mean, const auto& feature) {
  double z = 0.0;
  for (std::size_t f = 0; f < mean.size(); ++f) z += axis.direction[f] * (feature(f) - mean[f]);
  return z;
}

// Counts by segment and bin, the bins of segment j first at j * bins, and last a place for who lies outside.
template <class T>
std::vector<std::int64_t> count_local(const FeatureMatrix<T>& matrix, const PrincipalMap& map, std::size_t layers,
                                      const std::vector<std::int32_t>& local_segment) {
  std::vector<std::int64_t> counts(layers * bins + 1);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<std::int64_t> mine;
    const bool is_ready = failure.guard([&] { mine.resize(counts.size()); });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
      const std::int64_t end = std::min(matrix.rows(), (t + 1) * portfolio::tile_rows);
      for (std::int64_t i = t * portfolio::tile_rows; is_ready && i < end; ++i) {
        const auto feature = [&](std::size_t f) { return static_cast<double>(matrix.at(i, static_cast<int>(f))); };
        const double column = std::floor(along(map.axes.axes[0], map.axes.mean, feature) / map.side);
        const double row = std::floor(along(map.axes.axes[1], map.axes.mean, feature) / map.side);
        constexpr double half = PrincipalMap::bins_along / 2;
        if (!(column >= -half && column < half && row >= -half && row < half)) {
          ++mine.back();
          continue;
        }
        const std::size_t layer = layers > 1 ? static_cast<std::size_t>(local_segment[static_cast<std::size_t>(i)]) : 0;
        ++mine[layer * bins + map.bin(static_cast<int>(column + half), static_cast<int>(row + half))];
      }
      matrix.done_with(t);
    }
#pragma omp critical(cardseg_principal_map)
    if (is_ready)
      for (std::size_t b = 0; b < counts.size(); ++b) counts[b] += mine[b];
  }
  failure.rethrow();
  return counts;
}

void fill_bins(const std::vector<std::int64_t>& counts, std::size_t layers, PrincipalMap& map) {
  map.customers.assign(bins, 0);
  map.segment.assign(bins, -1);
  map.outside = {counts.back()};
  for (std::size_t b = 0; b < bins; ++b) {
    std::int64_t most = 0;
    for (std::size_t layer = 0; layer < layers; ++layer) {
      const std::int64_t here = counts[layer * bins + b];
      map.customers[b] += here;
      if (layers == 1 || here <= most) continue;
      most = here;
      map.segment[b] = static_cast<int>(layer);
    }
  }
}

}  // namespace

MapPoint PrincipalAxes::at(const std::vector<double>& features) const {
  const auto feature = [&](std::size_t f) { return features[f]; };
  return {along(axes[0], mean, feature), along(axes[1], mean, feature)};
}

std::optional<PrincipalAxes> principal_axes(const portfolio::Covariance& covariance) {
  const int d = covariance.features;
  if (d < 2) return std::nullopt;
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> matrix(
      covariance.values.data(), d, d);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  if (solver.info() != Eigen::Success) return std::nullopt;
  const double all = solver.eigenvalues().cwiseMax(0.0).sum();
  PrincipalAxes axes{{}, covariance.mean, covariance.customers, covariance.is_of_sample};
  for (int a = 0; a < 2; ++a) {  // eigenvalues come with the smallest first
    const double variance = solver.eigenvalues()[d - 1 - a];
    if (!(all > 0) || !(variance / all > least_share)) return std::nullopt;
    const double share = rounded(variance / all, direction_grid);
    axes.axes[static_cast<std::size_t>(a)] = {direction_of(solver.eigenvectors().col(d - 1 - a)), share,
                                              rounded(std::sqrt(variance), direction_grid)};
  }
  return axes;
}

template <class T>
PrincipalMap map_customers(const comm::Communicator& comm, const FeatureMatrix<T>& matrix, PrincipalAxes axes,
                           int segments, const std::vector<std::int32_t>& local_segment) {
  const auto all = static_cast<double>(comm.sum(matrix.rows()));
  PrincipalMap map;
  map.axes = std::move(axes);
  map.side =
      map.axes.axes[0].sd / std::clamp(std::floor(std::sqrt(all / customers_of_square_sd)), 1.0, most_bins_of_sd);
  const std::size_t layers = segments <= most_mapped_segments ? static_cast<std::size_t>(segments) : 1;
  std::vector<std::int64_t> counts = comm::agree(comm, [&] { return count_local(matrix, map, layers, local_segment); });
  comm.allreduce_sum(std::span(counts));
  fill_bins(counts, layers, map);
  return map;
}

PrincipalMap disclosed(PrincipalMap exact, std::int64_t least) {
  std::vector<std::int64_t*> told = {&exact.outside.customers};
  for (std::int64_t& customers : exact.customers) told.push_back(&customers);
  std::erase_if(told, [](const std::int64_t* customers) { return *customers == 0; });
  std::ranges::stable_sort(told, {}, [](const std::int64_t* customers) { return *customers; });
  std::int64_t hidden = 0;
  for (std::int64_t* customers : told) {
    if (*customers >= least && (hidden == 0 || hidden >= least)) break;
    hidden += *customers;
    if (customers == &exact.outside.customers) exact.outside.is_withheld = true;
    *customers = 0;
  }
  for (std::size_t b = 0; b < bins; ++b)
    if (exact.customers[b] == 0) exact.segment[b] = -1;
  return exact;
}

template PrincipalMap map_customers<float>(const comm::Communicator&, const FeatureMatrix<float>&, PrincipalAxes, int,
                                           const std::vector<std::int32_t>&);
template PrincipalMap map_customers<double>(const comm::Communicator&, const FeatureMatrix<double>&, PrincipalAxes, int,
                                            const std::vector<std::int32_t>&);

}  // namespace cardseg::profile
