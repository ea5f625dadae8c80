#include "cardseg/quality/segmentation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"

namespace cardseg::quality {
namespace {

using cluster::Centroids;
using cluster::NearestTile;
using cluster::SegmentSums;
using cluster::SumGrids;
using comm::Communicator;
using core::FixedPoint;
using portfolio::FeatureMatrix;
using portfolio::GroupedSums;
using portfolio::tile_rows;

// Sums and the largest squared distance of one set of centroids.
struct Members {
  SegmentSums sums;
  double largest = 0.0;
};

// What one thread finds out about one set of centroids.
struct ThreadMembers {
  cluster::MoveAccumulator moves;
  double largest = 0.0;
};

template <class T>
std::vector<Members> local_members(const FeatureMatrix<T>& matrix, const SumGrids& grids,
                                   const std::vector<Centroids>& sets) {
  std::vector<Members> all;
  for (const Centroids& set : sets) all.push_back({SegmentSums(set.segments, set.features)});
  std::int32_t nowhere[tile_rows];
  std::ranges::fill(nowhere, -1);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<ThreadMembers> mine;
    const bool is_ready = failure.guard([&] {
      for (const Centroids& set : sets) mine.push_back({cluster::MoveAccumulator(grids, set.segments)});
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < (matrix.rows() + tile_rows - 1) / tile_rows; ++t) {
      if (!is_ready) continue;
      const int rows = static_cast<int>(std::min(tile_rows, matrix.rows() - t * tile_rows));
      for (std::size_t m = 0; m < sets.size(); ++m) {
        NearestTile answer;
        cluster::find_nearest(matrix.tile(t), sets[m], answer);
        mine[m].moves.move(matrix.tile(t), {(1u << rows) - 1, nowhere, answer.first});
        for (int i = 0; i < rows; ++i) mine[m].largest = std::max(mine[m].largest, answer.first_distance[i]);
      }
      matrix.done_with(t);
    }
#pragma omp critical(cardseg_members)
    for (std::size_t m = 0; is_ready && m < sets.size(); ++m) {
      mine[m].moves.empty_into(all[m].sums);
      all[m].largest = std::max(all[m].largest, mine[m].largest);
    }
  }
  failure.rethrow();
  return all;
}

// Collective. The members of all ranks.
template <class T>
std::vector<Members> count_members(const Communicator& comm, const FeatureMatrix<T>& matrix, const SumGrids& grids,
                                   const std::vector<Centroids>& sets) {
  std::vector<Members> members = comm::agree(comm, [&] { return local_members(matrix, grids, sets); });
  std::vector<double> largest;
  std::vector<cluster::ModelPass> sums;
  for (Members& each : members) {
    largest.push_back(each.largest);
    sums.push_back({std::move(each.sums), {}});
  }
  cluster::reduce(comm, grids, sums);
  comm.allreduce_max(std::span(largest));
  for (std::size_t m = 0; m < members.size(); ++m) members[m] = {std::move(sums[m].sums), largest[m]};
  return members;
}

// What the members of a set of centroids make of its segments.
Segmentation make_segmentation(const SumGrids& grids, const Centroids& centroids, Members members) {
  Segmentation segmentation;
  segmentation.centroids = centroids;
  segmentation.means = centroids;
  cluster::update_centroids(grids, members.sums, segmentation.means);
  segmentation.mass = members.sums.masses();
  segmentation.customers = std::move(members.sums.customers);
  segmentation.largest_squared_distance = members.largest;
  return segmentation;
}

// Collective. Sizes and means; segments numbered by size.
template <class T>
std::vector<Segmentation> segment_by_size(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                          std::vector<Centroids> sets) {
  const SumGrids grids = cluster::make_grids(comm, matrix);
  std::vector<Segmentation> all(sets.size());
  cluster::number_by_size(sets, [&](const std::vector<std::size_t>& open) {
    std::vector<Centroids> now;
    for (std::size_t m : open) now.push_back(sets[m]);
    std::vector<Members> members = count_members(comm, matrix, grids, now);
    std::vector<std::vector<std::int64_t>> customers;
    for (std::size_t i = 0; i < open.size(); ++i) {
      all[open[i]] = make_segmentation(grids, now[i], std::move(members[i]));
      customers.push_back(all[open[i]].customers);
    }
    return customers;
  });
  return all;
}

// This rank's squared distances to centroids times weights, by segment, in quanta of each segmentation's grid.
template <class T>
GroupedSums local_inertia(const FeatureMatrix<T>& matrix, const std::vector<Segmentation>& all,
                          const std::vector<FixedPoint>& grids, const std::vector<int>& segments) {
  const std::int64_t tiles = (matrix.rows() + tile_rows - 1) / tile_rows;
  return portfolio::local_grouped_sums(segments, tiles, [&](std::int64_t t, GroupedSums& mine) {
    const std::int64_t rows = std::min(tile_rows, matrix.rows() - t * tile_rows);
    for (std::size_t m = 0; m < all.size(); ++m) {
      NearestTile answer;
      cluster::find_nearest(matrix.tile(t), all[m].centroids, answer);
      for (std::int64_t i = 0; i < rows; ++i)
        mine.add(m, answer.first[i], grids[m].round(cluster::customer_weight * answer.first_distance[i]));
    }
    matrix.done_with(t);
  });
}

// Scatter about the means from inertia about the centroids: sum w |x - c|^2 = sum w |x - m|^2 + mass |c - m|^2.
void finish(const FixedPoint& grid, const std::vector<core::int128>& sums, Segmentation& segmentation) {
  core::int128 whole = 0;
  double largest_shift = 0.0;
  for (int j = 0; j < segmentation.segments(); ++j) {
    const auto at = static_cast<std::size_t>(j);
    const double shift = cluster::squared_distance(segmentation.centroids.row(j), segmentation.means.row(j),
                                                   segmentation.centroids.features);
    whole += sums[at];
    segmentation.inertia.push_back(grid.value(sums[at]));
    segmentation.scatter.push_back(std::max(0.0, segmentation.inertia[at] - segmentation.mass[at] * shift));
    largest_shift = std::max(largest_shift, shift);
  }
  segmentation.total_inertia = grid.value(whole);
  segmentation.largest_distance_to_mean =
      (std::sqrt(segmentation.largest_squared_distance) + std::sqrt(largest_shift)) * (1 + 0x1p-30);
}

}  // namespace

cluster::SegmentTotals Segmentation::totals() const { return {customers, mass, inertia, total_inertia}; }

std::int64_t Segmentation::all_customers() const {
  return std::accumulate(customers.begin(), customers.end(), std::int64_t{0});
}

double Segmentation::total_mass() const { return std::accumulate(mass.begin(), mass.end(), 0.0); }

int Segmentation::occupied() const {
  return static_cast<int>(std::ranges::count_if(customers, [](std::int64_t n) { return n > 0; }));
}

template <class T>
std::vector<Segmentation> measure_segmentations(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                                const std::vector<Centroids>& centroids) {
  std::vector<Segmentation> all = segment_by_size(comm, matrix, centroids);
  std::vector<int> segments;
  std::vector<FixedPoint> grids;
  for (const Segmentation& each : all) {
    segments.push_back(each.segments());
    grids.push_back(FixedPoint::for_values(each.largest_squared_distance, each.all_customers()));
  }
  GroupedSums sums = comm::agree(comm, [&] { return local_inertia(matrix, all, grids, segments); });
  sums.reduce(comm);
  for (std::size_t m = 0; m < all.size(); ++m) finish(grids[m], sums.of(m), all[m]);
  return all;
}

template std::vector<Segmentation> measure_segmentations<float>(const Communicator&, const FeatureMatrix<float>&,
                                                                const std::vector<Centroids>&);
template std::vector<Segmentation> measure_segmentations<double>(const Communicator&, const FeatureMatrix<double>&,
                                                                 const std::vector<Centroids>&);

}  // namespace cardseg::quality
