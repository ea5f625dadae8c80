#include "cardseg/cluster/assign_pass.hpp"

#include <algorithm>
#include <cstring>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/screen.hpp"

namespace cardseg::cluster {
namespace {

constexpr int tile_rows = 16;
constexpr int group_tiles = 4;
constexpr int group_rows = tile_rows * group_tiles;
constexpr std::int64_t batch_groups = 8;  // groups screened per call: 512 customers

// winners[0..64) of a group by the definition, for the tiles that hold a customer the screen left open (-1).
template <class T>
std::int64_t decide_open(const T* group, const Centroids& centroids, int rows, std::int32_t* winners) {
  std::int64_t open = 0;
  for (int begin = 0; begin < rows; begin += tile_rows) {
    const int end = std::min(begin + tile_rows, rows);
    const auto in_tile = std::count(winners + begin, winners + end, -1);
    if (in_tile == 0) continue;
    open += in_tile;
    NearestTile answer;
    find_nearest(group + static_cast<std::ptrdiff_t>(begin) * centroids.features, centroids, answer);
    for (int i = begin; i < end; ++i)
      if (winners[i] < 0) winners[i] = answer.first[i - begin];
  }
  return open;
}

void screen(const float* groups, std::int64_t count, const ScreenCentroids& centroids, std::int32_t* winners) {
  screen_tiles(groups, count, centroids, winners);
}

void screen(const double*, std::int64_t count, const ScreenCentroids&, std::int32_t* winners) {
  std::fill(winners, winners + count * group_rows, -1);  // nothing is settled: the definition decides all
}

}  // namespace

template <class T>
PassCounts assign_pass(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids, const SumGrids& grids,
                       std::vector<std::int32_t>& labels, SegmentSums& local_sums) {
  const ScreenCentroids screened = make_screen(centroids);
  const std::int64_t groups = matrix.tiles() / group_tiles;
  const std::int64_t batches = (groups + batch_groups - 1) / batch_groups;
  std::int64_t moved = 0;
  std::int64_t unsettled = 0;
#pragma omp parallel reduction(+ : moved, unsettled)
  {
    MoveAccumulator moves(grids, centroids.segments);
    alignas(64) std::int32_t winners[batch_groups * group_rows];
#pragma omp for schedule(static) nowait
    for (std::int64_t b = 0; b < batches; ++b) {
      const std::int64_t first = b * batch_groups;
      const std::int64_t count = std::min(batch_groups, groups - first);
      screen(matrix.tile(first * group_tiles), count, screened, winners);
      for (std::int64_t g = 0; g < count; ++g) {
        const std::int64_t begin = (first + g) * group_rows;
        const int rows = static_cast<int>(std::clamp<std::int64_t>(matrix.rows() - begin, 0, group_rows));
        const T* group = matrix.tile((first + g) * group_tiles);
        std::int32_t* winner = winners + g * group_rows;
        std::int32_t* label = labels.data() + begin;
        unsettled += decide_open(group, centroids, rows, winner);
        if (std::memcmp(winner, label, static_cast<std::size_t>(rows) * sizeof *label) == 0) continue;
        for (int i = 0; i < rows; ++i) {
          if (winner[i] == label[i]) continue;
          const T* tile = group + static_cast<std::ptrdiff_t>(i / tile_rows * tile_rows) * centroids.features;
          moves.move(tile, i % tile_rows, label[i], winner[i]);
          label[i] = winner[i];
          ++moved;
        }
      }
    }
#pragma omp critical(cardseg_moves)
    moves.empty_into(local_sums);
  }
  return {moved, sizeof(T) == sizeof(float) ? unsettled : 0};
}

template PassCounts assign_pass<float>(const portfolio::FeatureMatrix<float>&, const Centroids&, const SumGrids&,
                                       std::vector<std::int32_t>&, SegmentSums&);
template PassCounts assign_pass<double>(const portfolio::FeatureMatrix<double>&, const Centroids&, const SumGrids&,
                                        std::vector<std::int32_t>&, SegmentSums&);

}  // namespace cardseg::cluster
