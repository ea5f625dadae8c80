#include "cardseg/cluster/label_tiles.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "cardseg/cluster/nearest.hpp"

namespace cardseg::cluster {
namespace {

constexpr int tile_rows = 16;
constexpr int group_tiles = 4;
constexpr int group_rows = tile_rows * group_tiles;

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

// winners[0..64) of four tiles, -1 where the screen cannot tell; candidates: all centroids.
void screen_group(const portfolio::FeatureMatrix<float>& matrix, std::int64_t tile, const ScreenCentroids& screened,
                  std::span<const std::int32_t> candidates, std::int32_t* winners) {
  ScreenTask task;
  for (int i = 0; i < group_tiles; ++i) {
    task.tiles[i] = matrix.tile(tile + i);
    task.next[i] = matrix.tile(std::min(tile + group_tiles, matrix.tiles() - group_tiles) + i);
  }
  task.candidates = candidates.data();
  task.count = static_cast<int>(candidates.size());
  ScreenAnswer answer;
  screen(screened, task, ScreenDetail::none, answer);
  std::copy_n(answer.winner, group_rows, winners);
}

void screen_group(const portfolio::FeatureMatrix<double>&, std::int64_t, const ScreenCentroids&,
                  std::span<const std::int32_t>, std::int32_t* winners) {
  std::fill_n(winners, group_rows, -1);  // nothing is settled: the definition decides all
}

}  // namespace

template <class T>
std::int64_t label_tiles(const portfolio::FeatureMatrix<T>& matrix, std::int64_t first_tile, std::int64_t tiles,
                         const Centroids& centroids, const ScreenCentroids& screened, std::int32_t* labels) {
  std::vector<std::int32_t> all(static_cast<std::size_t>(centroids.segments));
  std::iota(all.begin(), all.end(), 0);
  std::int64_t unsettled = 0;
  for (std::int64_t t = first_tile; t < first_tile + tiles; t += group_tiles) {
    const int rows = static_cast<int>(std::clamp<std::int64_t>(matrix.rows() - t * tile_rows, 0, group_rows));
    screen_group(matrix, t, screened, all, labels + (t - first_tile) * tile_rows);
    unsettled += decide_open(matrix.tile(t), centroids, rows, labels + (t - first_tile) * tile_rows);
  }
  return sizeof(T) == sizeof(float) ? unsettled : 0;
}

template std::int64_t label_tiles<float>(const portfolio::FeatureMatrix<float>&, std::int64_t, std::int64_t,
                                         const Centroids&, const ScreenCentroids&, std::int32_t*);
template std::int64_t label_tiles<double>(const portfolio::FeatureMatrix<double>&, std::int64_t, std::int64_t,
                                          const Centroids&, const ScreenCentroids&, std::int32_t*);

}  // namespace cardseg::cluster
