#include "cluster/block_pass.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <type_traits>

#include "cardseg/cluster/nearest.hpp"

namespace cardseg::cluster {
namespace {

constexpr std::int64_t tile_rows = 16;
constexpr std::size_t group = 4;
constexpr std::size_t most_samples = 1 << 16;  // a thread
constexpr int slack_steps = 16;                // octaves of slack that the order tells apart

// 0 for customers in doubt at once, higher for those that stay longer.
int slack_step(float slack, float loss) {
  const auto octaves = [](float x) { return static_cast<int>(std::bit_cast<std::uint32_t>(x) >> 23); };
  return std::clamp(octaves(slack / loss) - octaves(0.5f), 0, slack_steps - 1);
}

bool has_all(const std::int32_t* winner, std::int64_t rows) {
  for (std::int64_t i = 1; i < rows; ++i)
    if (winner[i] != winner[0]) return false;
  return winner[0] >= 0;
}

}  // namespace

template <class T>
BlockPass<T>::BlockPass(const PassInputs<T>& inputs)
    : in_(inputs),
      moves_(inputs.grids, inputs.centroids.segments),
      rounded_({0, std::is_same_v<T, double> ? std::int64_t{group} * tile_rows : 0}, inputs.matrix.features()),
      pending_({0, tile_rows}, inputs.matrix.features()) {
  slack_.resize(static_cast<std::size_t>(inputs.order.block_tiles() * tile_rows));
  reach_.resize(slack_.size());
}

template <class T>
void BlockPass<T>::work(std::int64_t block, BlockMode mode) {
  list_open_tiles(block);
  for (std::size_t i = 0; i < open_.size();) {
    const std::size_t count = group_at(in_.order.first_tile(block), i);
    compare(block, i, count, mode);
    i += count;
  }
  if (mode == BlockMode::bounded_ordering) reorder(block);
  in_.matrix.release(in_.order.first_tile(block), in_.order.end_tile(block));
}

template <class T>
void BlockPass<T>::list_open_tiles(std::int64_t block) {
  const std::int64_t first = in_.order.first_tile(block);
  const auto tiles = static_cast<std::int32_t>(in_.order.end_tile(block) - first);
  open_.clear();
  for (std::int32_t t = 0; t < tiles; ++t)
    if (!in_.bounds || in_.bounds->is_open(first + t, in_.movement)) open_.push_back(t);
  if (!in_.neighbours.has_lists()) return;
  // Tiles of one segment come together; they have the same candidates.
  sorted_.resize(open_.size());
  sort_stably(open_, sorted_, in_.centroids.segments + 1,
              [&](std::int32_t t) { return in_.bounds->segment(first + t) + 1; });
  open_.swap(sorted_);
}

// into = from by increasing key, 0 <= key < keys.
template <class T>
template <class Key>
void BlockPass<T>::sort_stably(const std::vector<std::int32_t>& from, std::vector<std::int32_t>& into, int keys,
                               Key key) {
  starts_.assign(static_cast<std::size_t>(keys) + 1, 0);
  keys_.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    keys_[i] = key(from[i]);
    ++starts_[static_cast<std::size_t>(keys_[i]) + 1];
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  for (std::size_t i = 0; i < from.size(); ++i)
    into[static_cast<std::size_t>(starts_[static_cast<std::size_t>(keys_[i])]++)] = from[i];
}

// How many of the open tiles from `first` on are compared together: up to four with the same candidates.
template <class T>
std::size_t BlockPass<T>::group_at(std::int64_t first_tile, std::size_t first) const {
  const std::size_t most = std::min(group, open_.size() - first);
  if (!in_.neighbours.has_lists()) return most;
  const std::int32_t segment = in_.bounds->segment(first_tile + open_[first]);
  std::size_t count = 1;
  while (count < most && in_.bounds->segment(first_tile + open_[first + count]) == segment) ++count;
  return count;
}

template <class T>
std::span<const std::int32_t> BlockPass<T>::candidates(std::int64_t first_tile, std::size_t first,
                                                       std::size_t count) const {
  if (!in_.neighbours.has_lists()) return in_.neighbours.candidates(-1, 0.0f);
  float reach = 0.0f;
  for (std::size_t i = 0; i < count; ++i)
    reach = std::max(reach, in_.bounds->reach(first_tile + open_[first + i], in_.movement));
  return in_.neighbours.candidates(in_.bounds->segment(first_tile + open_[first]), reach);
}

template <class T>
const float* BlockPass<T>::screened_tile(std::int64_t tile, std::size_t slot) {
  const T* values = in_.matrix.tile(tile);
  if constexpr (std::is_same_v<T, float>) {
    return values;
  } else {
    float* rounded = rounded_.tile(static_cast<std::int64_t>(slot));
    for (std::int64_t i = 0; i < tile_rows * rounded_.features(); ++i) rounded[i] = static_cast<float>(values[i]);
    return rounded;
  }
}

template <class T>
void BlockPass<T>::compare(std::int64_t block, std::size_t first, std::size_t count, BlockMode mode) {
  const std::int64_t first_tile = in_.order.first_tile(block);
  const std::span<const std::int32_t> candidates_here = candidates(first_tile, first, count);
  ScreenTask task;
  for (std::size_t i = 0; i < group; ++i) {  // fewer than four: the last one is repeated
    task.tiles[i] = i < count ? screened_tile(first_tile + open_[first + i], i) : task.tiles[count - 1];
    const std::size_t next = std::min(first + count + i, open_.size() - 1);
    task.next[i] = std::is_same_v<T, float> ? screened_tile(first_tile + open_[next], 0) : task.tiles[i];
  }
  task.candidates = candidates_here.data();
  task.count = static_cast<int>(candidates_here.size());
  ScreenAnswer answer;
  screen(in_.screened, task, mode != BlockMode::plain, answer);
  counts_.distances += static_cast<std::int64_t>(count * candidates_here.size()) * tile_rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t tile = first_tile + open_[first + i];
    const auto row = static_cast<std::ptrdiff_t>(i) * tile_rows;
    if (mode == BlockMode::sampled) sample(tile, answer.winner + row, answer.slack + row);
    if (in_.bounds) measure(tile, answer.winner + row, answer.slack + row, answer.reach + row);
    if (mode == BlockMode::bounded_ordering) {
      std::copy_n(answer.slack + row, tile_rows, slack_.data() + open_[first + i] * tile_rows);
      std::copy_n(answer.reach + row, tile_rows, reach_.data() + open_[first + i] * tile_rows);
    }
    take(tile, answer.winner + row);
  }
}

template <class T>
void BlockPass<T>::take(std::int64_t tile, const std::int32_t* winner) {
  const std::int64_t place = tile * tile_rows;
  const std::int32_t* label = in_.labels.data() + place;
  if (std::memcmp(winner, label, sizeof *label * tile_rows) == 0) return;
  const std::int64_t rows = rows_in(tile);
  for (int i = 0; i < rows; ++i) {
    if (winner[i] == label[i]) continue;
    if (winner[i] < 0)
      postpone(tile, i);
    else
      assign(in_.matrix.tile(tile), i, place + i, winner[i]);
  }
}

template <class T>
void BlockPass<T>::measure(std::int64_t tile, const std::int32_t* winner, const float* slack, const float* reach) {
  const std::int64_t rows = rows_in(tile);
  if (rows == 0) return in_.bounds->close(tile);
  const float loss = in_.movement.last_loss(note_bounds(tile, winner, slack, reach));
  tally_.compared += rows;
  for (int i = 0; i < rows; ++i) tally_.needless += slack[i] > loss ? 1 : 0;
}

// Returns the segment of all of the tile's customers, or -1.
template <class T>
std::int32_t BlockPass<T>::note_bounds(std::int64_t tile, const std::int32_t* winner, const float* slack,
                                       const float* reach) {
  const std::int64_t rows = rows_in(tile);
  const std::int32_t segment = has_all(winner, rows) ? winner[0] : -1;
  in_.bounds->measured(tile, segment, *std::min_element(slack, slack + rows), *std::max_element(reach, reach + rows),
                       in_.movement);
  return segment;
}

template <class T>
void BlockPass<T>::sample(std::int64_t tile, const std::int32_t* winner, const float* slack) {
  if (samples_.size() >= most_samples) return;
  for (std::int64_t i = 0; i < rows_in(tile); ++i) samples_.push_back({winner[i], slack[i]});
}

template <class T>
std::int64_t BlockPass<T>::rows_in(std::int64_t tile) const {
  return std::clamp<std::int64_t>(in_.matrix.rows() - tile * tile_rows, 0, tile_rows);
}

template <class T>
void BlockPass<T>::postpone(std::int64_t tile, int lane) {
  ++counts_.unsettled;
  const T* from = in_.matrix.tile(tile) + lane;
  T* to = pending_.tile(0) + pending_places_.size();
  for (std::int64_t i = 0; i < tile_rows * pending_.features(); i += tile_rows) to[i] = from[i];
  pending_places_.push_back(tile * tile_rows + lane);
  if (pending_places_.size() == tile_rows) decide_pending();
}

template <class T>
void BlockPass<T>::decide_pending() {
  if (pending_places_.empty()) return;
  NearestTile answer;
  find_nearest(pending_.tile(0), in_.centroids, answer);
  for (std::size_t i = 0; i < pending_places_.size(); ++i)
    assign(pending_.tile(0), static_cast<int>(i), pending_places_[i], answer.first[i]);
  pending_places_.clear();
}

template <class T>
void BlockPass<T>::assign(const T* tile, int lane, std::int64_t place, std::int32_t winner) {
  std::int32_t& label = in_.labels[static_cast<std::size_t>(place)];
  if (winner == label) return;
  moves_.move(tile, lane, label, winner);
  label = winner;
  ++counts_.moved;
}

// The customers of the open tiles of a block by segment, and within a segment those in doubt first.
template <class T>
void BlockPass<T>::reorder(std::int64_t block) {
  decide_pending();
  const std::int64_t first = in_.order.first_tile(block);
  const float loss = in_.movement.last_loss(-1);
  std::erase_if(open_, [&](std::int32_t t) { return rows_in(first + t) < tile_rows; });  // padding stays at the end
  if (open_.empty() || !(loss > 0.0f)) return;
  std::ranges::sort(open_);
  places_.clear();
  for (std::int32_t t : open_)
    for (std::int32_t i = 0; i < tile_rows; ++i) places_.push_back(t * static_cast<std::int32_t>(tile_rows) + i);
  const std::int32_t* labels = in_.labels.data() + first * tile_rows;
  sorted_.resize(places_.size());
  sort_stably(places_, sorted_, in_.centroids.segments * slack_steps, [&](std::int32_t place) {
    return labels[place] * slack_steps + slack_step(slack_[static_cast<std::size_t>(place)], loss);
  });
  places_.swap(sorted_);
  in_.order.rearrange(in_.matrix, block, open_, places_, in_.labels);
  for (std::size_t t = 0; t < open_.size(); ++t) {
    alignas(64) float slack[tile_rows];
    alignas(64) float reach[tile_rows];
    for (std::size_t i = 0; i < tile_rows; ++i) {
      const auto place = static_cast<std::size_t>(places_[t * tile_rows + i]);
      slack[i] = slack_[place];
      reach[i] = reach_[place];
    }
    const std::int64_t tile = first + open_[t];
    note_bounds(tile, in_.labels.data() + tile * tile_rows, slack, reach);
  }
}

template <class T>
void BlockPass<T>::empty_into(SegmentSums& sums, PassCounts& counts, BlockTally& tally) {
  moves_.empty_into(sums);
  counts.moved += counts_.moved;
  counts.unsettled += counts_.unsettled;
  counts.distances += counts_.distances;
  tally.compared += tally_.compared;
  tally.needless += tally_.needless;
}

template class BlockPass<float>;
template class BlockPass<double>;

}  // namespace cardseg::cluster
