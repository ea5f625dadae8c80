#include "cardseg/cluster/label_tiles.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "cardseg/cluster/nearest.hpp"
#include "cluster/open_customers.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::tile_rows;

constexpr int group_tiles = 4;
constexpr int group_rows = tile_rows * group_tiles;

// labels[0..64) of four tiles, -1 where the screen cannot tell; candidates: all centroids.
void screen_group(const portfolio::FeatureMatrix<float>& matrix, std::int64_t tile, const ScreenCentroids& screened,
                  std::span<const std::int32_t> candidates, std::int32_t* labels) {
  ScreenTask task;
  for (int i = 0; i < group_tiles; ++i) {
    task.tiles[i] = matrix.tile(tile + i);
    task.next[i] = matrix.tile(std::min(tile + group_tiles, matrix.tiles() - group_tiles) + i);
  }
  task.candidates = candidates.data();
  task.count = static_cast<int>(candidates.size());
  ScreenAnswer answer;
  screen(screened, task, ScreenDetail::none, answer);
  std::copy_n(answer.winner, group_rows, labels);
}

}  // namespace

template <>
std::int64_t label_tiles(const portfolio::FeatureMatrix<float>& matrix, std::int64_t first_tile, std::int64_t tiles,
                         const Centroids& centroids, const ScreenCentroids& screened, std::int32_t* labels) {
  std::vector<std::int32_t> all(static_cast<std::size_t>(centroids.segments));
  std::iota(all.begin(), all.end(), 0);
  for (std::int64_t t = first_tile; t < first_tile + tiles; t += group_tiles)
    screen_group(matrix, t, screened, all, labels + (t - first_tile) * tile_rows);
  const std::int64_t first_row = first_tile * tile_rows;
  std::int64_t unsettled = 0;
  OpenCustomers<float> open(matrix, centroids);
  const auto settle = [&](const float*, int, std::int64_t row, std::int32_t segment) {
    labels[row - first_row] = segment;
  };
  for (std::int64_t i = 0; i < std::min(tiles * tile_rows, matrix.rows() - first_row); ++i) {
    if (labels[i] >= 0) continue;
    ++unsettled;
    open.add(first_row + i, settle);
  }
  open.decide(settle);
  return unsettled;
}

template <>
std::int64_t label_tiles(const portfolio::FeatureMatrix<double>& matrix, std::int64_t first_tile, std::int64_t tiles,
                         const Centroids& centroids, const ScreenCentroids&, std::int32_t* labels) {
  for (std::int64_t t = 0; t < tiles; ++t) {
    NearestTile answer;
    find_nearest(matrix.tile(first_tile + t), centroids, answer);
    std::copy_n(answer.first, tile_rows, labels + t * tile_rows);
  }
  return 0;
}

}  // namespace cardseg::cluster
