#include "cardseg/cluster/assign_pass.hpp"

#include <algorithm>
#include <cstring>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/cluster/screen.hpp"

namespace cardseg::cluster {
namespace {

constexpr int tile_rows = 16;
constexpr int group_tiles = 4;
constexpr int group_rows = tile_rows * group_tiles;
constexpr std::int64_t batch_groups = 8;  // groups screened per call: 512 customers

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
      unsettled += label_tiles(matrix, first * group_tiles, count * group_tiles, centroids, screened, winners);
      for (std::int64_t g = 0; g < count; ++g) {
        const std::int64_t begin = (first + g) * group_rows;
        const int rows = static_cast<int>(std::clamp<std::int64_t>(matrix.rows() - begin, 0, group_rows));
        const T* group = matrix.tile((first + g) * group_tiles);
        std::int32_t* winner = winners + g * group_rows;
        std::int32_t* label = labels.data() + begin;
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
  return {moved, unsettled};
}

template PassCounts assign_pass<float>(const portfolio::FeatureMatrix<float>&, const Centroids&, const SumGrids&,
                                       std::vector<std::int32_t>&, SegmentSums&);
template PassCounts assign_pass<double>(const portfolio::FeatureMatrix<double>&, const Centroids&, const SumGrids&,
                                        std::vector<std::int32_t>&, SegmentSums&);

}  // namespace cardseg::cluster
