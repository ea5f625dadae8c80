#include "cluster/refill.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

// distance[i] = squared distance of local row i to the nearest centroid
template <class T>
std::vector<double> distances_to_nearest(const FeatureMatrix<T>& matrix, const Centroids& centroids) {
  std::vector<double> distances(static_cast<std::size_t>(matrix.tiles() * tile_rows));
#pragma omp parallel for schedule(static)
  for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
    NearestTile answer;
    find_nearest(matrix.tile(t), centroids, answer);
    std::copy(answer.first_distance, answer.first_distance + tile_rows, distances.data() + t * tile_rows);
    matrix.done_with(t);
  }
  return distances;
}

}  // namespace

template <class T>
int refill_empty(const FitSetting<T>& setting, const Centroids& centroids, Assigner<T>& assigner,
                 SegmentSums& local_sums, SegmentSums& global_sums) {
  const comm::Communicator& comm = setting.comm;
  const FeatureMatrix<T>& matrix = setting.matrix;
  int refilled = 0;
  std::vector<double> distances;
  for (int empty = 0; empty < centroids.segments; ++empty) {
    if (global_sums.customers[static_cast<std::size_t>(empty)] != 0) continue;
    if (distances.empty()) {
      comm::agree(comm, [&] {
        assigner.in_row_order();
        distances = distances_to_nearest(matrix, centroids);
      });
    }
    const std::vector<std::int32_t>& labels = assigner.labels();
    for (std::int64_t i = 0; i < matrix.rows(); ++i)  // a segment's only customer stays
      if (global_sums.customers[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])] == 1)
        distances[static_cast<std::size_t>(i)] = 0.0;
    const Farthest farthest = find_farthest(comm, distances, matrix.rows(), matrix.global_rows().begin);
    if (farthest.distance <= 0.0) break;  // nobody is left who would make a difference
    const std::vector<double> point = fetch_point(comm, matrix, farthest.row);
    const bool is_here = matrix.global_rows().contains(farthest.row);
    const std::int64_t local_row = farthest.row - matrix.global_rows().begin;
    const auto from = static_cast<int>(
        comm.max(is_here ? std::int64_t{labels[static_cast<std::size_t>(local_row)]} : std::int64_t{-1}));
    std::vector<std::int64_t> rounded;
    for (std::size_t f = 0; f < point.size(); ++f) rounded.push_back(setting.basis.grids.feature[f].round(point[f]));
    global_sums.move(rounded.data(), from, empty);
    if (is_here) {
      local_sums.move(rounded.data(), from, empty);
      assigner.relabel(local_row, empty);
    }
    update_least_distances(matrix, point, distances);
    ++refilled;
    setting.events.info(
        fmt::format("segment {} became empty; it starts again at the customer in row {}", empty + 1, farthest.row));
  }
  return refilled;
}

template int refill_empty<float>(const FitSetting<float>&, const Centroids&, Assigner<float>&, SegmentSums&,
                                 SegmentSums&);
template int refill_empty<double>(const FitSetting<double>&, const Centroids&, Assigner<double>&, SegmentSums&,
                                  SegmentSums&);

}  // namespace cardseg::cluster
