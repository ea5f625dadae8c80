#include "cluster/block_pass.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <type_traits>

namespace cardseg::cluster {
namespace {

using portfolio::tile_rows;

constexpr std::size_t group = 4;
constexpr std::size_t groups_ahead = 4;        // how far ahead tiles are fetched from memory
constexpr std::int64_t tally_every = 8;        // tiles
constexpr std::size_t most_samples = 1 << 16;  // a thread
constexpr int crowd = 5;                       // movers of a tile that are rounded with all of it
constexpr std::size_t most_movers = 256;       // noted before they are added; their features are still in the cache

bool has_all(const std::int32_t* winner) {
  for (std::int64_t i = 1; i < tile_rows; ++i)
    if (winner[i] != winner[0]) return false;
  return winner[0] >= 0;
}

ScreenDetail detail_of(BlockMode mode) {
  switch (mode) {
    case BlockMode::plain: return ScreenDetail::none;
    case BlockMode::sampled: return ScreenDetail::slack;
    case BlockMode::ordering: return ScreenDetail::rivals;
    case BlockMode::bounded: return ScreenDetail::gaps;
  }
  return ScreenDetail::none;
}

}  // namespace

template <class T>
BlockPass<T>::BlockPass(const PassInputs<T>& inputs)
    : in_(inputs),
      moves_(inputs.grids, inputs.centroids.segments),
      rounded_({0, std::is_same_v<T, double> ? std::int64_t{group} * tile_rows : 0}, inputs.matrix.features()),
      pending_(inputs.matrix, inputs.centroids),
      candidates_(static_cast<std::size_t>(inputs.centroids.segments)),
      open_groups_of_(static_cast<std::size_t>(inputs.order.block_tiles())),
      gaps_(group * candidates_.size()),
      scores_({0, screen_rows}, inputs.centroids.segments),
      doubt_(inputs.order.block_tiles() * tile_rows, inputs.centroids.segments) {
  std::iota(candidates_.begin(), candidates_.end(), 0);
}

template <class T>
void BlockPass<T>::work(std::int64_t block, BlockMode mode) {
  list_open_tiles(block);
  for (std::size_t i = 0; i < open_.size();) {
    const std::size_t count = group_at(in_.order.first_tile(block), i);
    compare(block, i, count, mode);
    i += count;
  }
  move_those_noted();
  if (mode == BlockMode::ordering) reorder(block);
}

template <class T>
void BlockPass<T>::work_together(std::int64_t block, std::span<BlockPass> models) {
  for (BlockPass& model : models) model.list_open_tiles(block);
  const std::size_t tiles = models[0].open_.size();
  for (std::size_t i = 0; i < tiles; i += group)
    for (BlockPass& model : models) model.compare(block, i, std::min(group, tiles - i), BlockMode::plain);
  for (BlockPass& model : models) model.move_those_noted();
}

template <class T>
void BlockPass<T>::list_open_tiles(std::int64_t block) {
  const std::int64_t first = in_.order.first_tile(block);
  const auto tiles = static_cast<std::int32_t>(in_.order.end_tile(block) - first);
  const std::span<std::uint64_t> open_groups(open_groups_of_.data(), static_cast<std::size_t>(tiles));
  if (in_.bounds)
    in_.bounds->find_open_groups(first, in_.movement, open_groups);
  else
    std::ranges::fill(open_groups, 1);
  open_.clear();
  for (std::int32_t t = 0; t < tiles; ++t)
    if (open_groups[static_cast<std::size_t>(t)]) open_.push_back(t);
  if (!in_.bounds || in_.movement.groups() == 1) return;
  // Tiles of one segment come together; they have much the same candidates.
  sort_.sort(open_, sorted_, in_.centroids.segments + 1,
             [&](std::int32_t t) { return in_.bounds->segment(first + t) + 1; });
  open_.swap(sorted_);
}

// How many of the open tiles from `first` on are compared together: up to four of one segment.
template <class T>
std::size_t BlockPass<T>::group_at(std::int64_t first_tile, std::size_t first) const {
  const std::size_t most = std::min(group, open_.size() - first);
  if (!in_.bounds || in_.movement.groups() == 1) return most;
  const std::int32_t segment = in_.bounds->segment(first_tile + open_[first]);
  std::size_t count = 1;
  while (count < most && in_.bounds->segment(first_tile + open_[first + count]) == segment) ++count;
  return count;
}

// Centroids of the groups that are open for one of the tiles, and of the groups that its customers are in.
template <class T>
void BlockPass<T>::list_candidates(std::int64_t first_tile, std::size_t first, std::size_t count) {
  if (!in_.bounds) return;  // all of them, always
  open_groups_ = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t tile = first_tile + open_[first + i];
    open_groups_ |= open_groups_of_[static_cast<std::size_t>(open_[first + i])];
    const std::int32_t* label = in_.labels.data() + tile * tile_rows;
    const std::int64_t distinct = in_.bounds->segment(tile) < 0 ? tile_rows : 1;
    for (std::int64_t lane = 0; lane < distinct; ++lane)
      if (label[lane] >= 0) open_groups_ |= std::uint64_t{1} << in_.movement.group_of(label[lane]);
  }
  candidates_.clear();
  const std::int32_t size = in_.movement.group_size();
  for (std::uint64_t left = open_groups_; left != 0; left &= left - 1) {
    const std::int32_t begin = std::countr_zero(left) * size;
    for (std::int32_t j = begin; j < std::min(in_.centroids.segments, begin + size); ++j) candidates_.push_back(j);
  }
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
  list_candidates(first_tile, first, count);
  ScreenTask task;
  for (std::size_t i = 0; i < group; ++i) {  // fewer than four: the last one is repeated
    task.tiles[i] = i < count ? screened_tile(first_tile + open_[first + i], i) : task.tiles[count - 1];
    const std::size_t next = std::min(first + group * groups_ahead + i, open_.size() - 1);
    task.labels[i] = in_.labels.data() + (first_tile + open_[first + std::min(i, count - 1)]) * tile_rows;
    __builtin_prefetch(in_.labels.data() + (first_tile + open_[next]) * tile_rows);
    task.next[i] = std::is_same_v<T, float> && in_.fetches ? screened_tile(first_tile + open_[next], 0) : nullptr;
  }
  task.candidates = candidates_.data();
  task.count = static_cast<int>(candidates_.size());
  task.scores = scores_.tile(0);
  task.group_size = in_.movement.group_size();
  ScreenAnswer answer;
  screen(in_.screened, task, detail_of(mode), answer, gaps_.data());
  counts_.distances += static_cast<std::int64_t>(count * candidates_.size()) * tile_rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t tile = first_tile + open_[first + i];
    const std::int32_t* winner = answer.winner + i * tile_rows;
    const float* slack = answer.slack + i * tile_rows;
    if (mode == BlockMode::sampled) sample(tile, winner, slack);
    if (mode == BlockMode::ordering) doubt_.note(open_[first + i], slack, answer.rival + i * tile_rows);
    if (mode == BlockMode::bounded) {
      note_gaps(tile, winner, gaps_.data() + i * static_cast<std::size_t>(std::popcount(open_groups_)));
      tally(tile, winner, slack);
    }
    const auto changed = static_cast<std::uint16_t>(answer.changed >> i * tile_rows);
    if (changed) reassign(tile, changed, static_cast<std::uint16_t>(answer.unsettled >> i * tile_rows), winner);
  }
}

template <class T>
void BlockPass<T>::reassign(std::int64_t tile, std::uint32_t changed, std::uint32_t unsettled,
                            const std::int32_t* winner) {
  changed &= (1u << rows_in(tile)) - 1;
  const std::int64_t place = tile * tile_rows;
  for (std::uint32_t left = changed & unsettled; left != 0; left &= left - 1) postpone(place + std::countr_zero(left));
  const std::uint32_t moving = changed & ~unsettled;
  counts_.moved += std::popcount(moving);
  std::int32_t* label = in_.labels.data() + place;
  const T* customers = in_.matrix.tile(tile);
  const bool is_crowd = std::popcount(moving) >= crowd;
  if (is_crowd) moves_.move(customers, {moving, label, winner});
  for (std::uint32_t left = moving; left != 0; left &= left - 1) {
    const int lane = std::countr_zero(left);
    if (!is_crowd) movers_.push_back({customers + lane, label[lane], winner[lane]});
    label[lane] = winner[lane];
  }
  if (movers_.size() >= most_movers) move_those_noted();
}

template <class T>
void BlockPass<T>::move_those_noted() {
  moves_.move(std::span<const Mover<T>>(movers_));
  movers_.clear();
}

template <class T>
void BlockPass<T>::note_gaps(std::int64_t tile, const std::int32_t* winner, const float* gaps) {
  const std::int64_t rows = rows_in(tile);
  if (rows == 0) return in_.bounds->close(tile);
  if (rows < tile_rows) return in_.bounds->forget(tile);
  in_.bounds->set_segment(tile, has_all(winner) ? winner[0] : -1, in_.movement);
  for (std::uint64_t left = open_groups_; left != 0; left &= left - 1)
    in_.bounds->set_gap(tile, std::countr_zero(left), *gaps++, in_.movement);
}

template <class T>
void BlockPass<T>::tally(std::int64_t tile, const std::int32_t* winner, const float* slack) {
  if (tile % tally_every != 0) return;
  const std::int64_t rows = rows_in(tile);
  tally_.compared += rows;
  for (int i = 0; i < rows; ++i) tally_.needless += slack[i] > in_.movement.last_loss(winner[i]) ? 1 : 0;
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
void BlockPass<T>::postpone(std::int64_t place) {
  ++counts_.unsettled;
  pending_.add(place, assigning());
}

template <class T>
void BlockPass<T>::decide_pending() {
  pending_.decide(assigning());
}

template <class T>
void BlockPass<T>::assign(const T* tile, int lane, std::int64_t place, std::int32_t winner) {
  std::int32_t& label = in_.labels[static_cast<std::size_t>(place)];
  if (winner == label) return;
  const Mover<T> mover{tile + lane, label, winner};
  moves_.move(std::span(&mover, 1));
  ++counts_.moved;
  label = winner;
}

template <class T>
void BlockPass<T>::reorder(std::int64_t block) {
  decide_pending();
  const std::int64_t first = in_.order.first_tile(block);
  std::erase_if(open_, [&](std::int32_t t) { return rows_in(first + t) < tile_rows; });  // padding stays at the end
  if (open_.empty()) return;
  std::ranges::sort(open_);
  const std::int32_t* labels = in_.labels.data() + first * tile_rows;
  in_.order.rearrange(in_.matrix, block, open_, doubt_.places_of(open_, labels), in_.labels);
  if (in_.bounds)
    for (std::int32_t t : open_) in_.bounds->forget(first + t);
}

template <class T>
void BlockPass<T>::empty_into(SegmentSums& sums, PassCounts& counts, BlockTally& tally) {
  moves_.empty_into(sums);
  counts.moved += counts_.moved;
  counts.unsettled += counts_.unsettled;
  counts.distances += counts_.distances;
  tally.compared += tally_.compared * tally_every;
  tally.needless += tally_.needless * tally_every;
}

template class BlockPass<float>;
template class BlockPass<double>;

}  // namespace cardseg::cluster
