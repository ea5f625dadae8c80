#include "cardseg/cluster/segment_sums.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cluster/column_kernels.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::tile_rows;

constexpr std::size_t plan_step = 8;

// The lowest and the highest value of each feature.
struct Ranges {
  std::vector<double> lowest;
  std::vector<double> highest;

  void widen(std::size_t feature, double least, double most) {
    lowest[feature] = std::min(lowest[feature], least);
    highest[feature] = std::max(highest[feature], most);
  }
};

template <class T>
Ranges local_ranges(const portfolio::FeatureMatrix<T>& matrix) {
  const auto features = static_cast<std::size_t>(matrix.features());
  const std::int64_t full = matrix.rows() / tile_rows;
  Ranges ranges{std::vector<double>(features, HUGE_VAL), std::vector<double>(features, -HUGE_VAL)};
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<T> least;
    std::vector<T> most;
    const bool is_ready = failure.guard([&] {
      least.assign(features * tile_rows, std::numeric_limits<T>::infinity());
      most.assign(features * tile_rows, -std::numeric_limits<T>::infinity());
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < full; t += column_block_tiles) {
      if (!is_ready) continue;
      widen_ranges(TileRun<T>{matrix.tile(t), std::min(column_block_tiles, full - t), matrix.features()}, least.data(),
                   most.data());
      matrix.release(t, std::min(full, t + column_block_tiles));
    }
#pragma omp critical(cardseg_ranges)
    for (std::size_t i = 0; is_ready && i < least.size(); ++i)
      ranges.widen(i / tile_rows, static_cast<double>(least[i]), static_cast<double>(most[i]));
  }
  failure.rethrow();
  for (std::int64_t row = full * tile_rows; row < matrix.rows(); ++row)  // the last tile, partly filled
    for (std::size_t f = 0; f < features; ++f) {
      const auto x = static_cast<double>(matrix.at(row, static_cast<int>(f)));
      ranges.widen(f, x, x);
    }
  return ranges;
}

}  // namespace

template <class T>
SumGrids make_grids(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix) {
  Ranges ranges = comm::agree(comm, [&] { return local_ranges(matrix); });
  comm.allreduce_min(std::span(ranges.lowest));
  comm.allreduce_max(std::span(ranges.highest));
  const std::int64_t customers = comm.sum(matrix.rows());
  SumGrids grids;
  for (std::size_t f = 0; f < ranges.lowest.size(); ++f) {
    const double largest = customers > 0 ? std::max(std::abs(ranges.lowest[f]), std::abs(ranges.highest[f])) : 0.0;
    grids.feature.push_back(core::FixedPoint::for_values(largest, customers));
  }
  grids.lowest = std::move(ranges.lowest);
  grids.highest = std::move(ranges.highest);
  grids.is_wide = grids.feature.front().is_wide();  // width and bits depend on the number of customers alone
  grids.max_additions = grids.feature.front().max_additions();
  return grids;
}

template SumGrids make_grids<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&);
template SumGrids make_grids<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&);

void SegmentSums::move(const std::int64_t* rounded, int from, int to) {
  for (int f = 0; f < features; ++f) {
    sums[static_cast<std::size_t>(to * features + f)] += rounded[f];
    if (from >= 0) sums[static_cast<std::size_t>(from * features + f)] -= rounded[f];
  }
  ++customers[static_cast<std::size_t>(to)];
  if (from >= 0) --customers[static_cast<std::size_t>(from)];
}

namespace {

// Sums (one or two integers each), customers, moved, unsettled, distances.
void pack(const ModelPass& model, bool is_wide, std::vector<std::int64_t>& message) {
  for (core::int128 sum : model.sums.sums) {
    if (is_wide) {
      const core::Limbs limbs = core::to_limbs(sum);
      message.insert(message.end(), {limbs.low, limbs.high});
    } else {
      message.push_back(static_cast<std::int64_t>(sum));
    }
  }
  message.insert(message.end(), model.sums.customers.begin(), model.sums.customers.end());
  message.insert(message.end(), {model.counts.moved, model.counts.unsettled, model.counts.distances});
}

// Returns what comes behind the model in the message.
const std::int64_t* unpack(const std::int64_t* next, bool is_wide, ModelPass& model) {
  for (core::int128& sum : model.sums.sums) {
    sum = is_wide ? core::from_limbs({next[0], next[1]}) : core::int128{next[0]};
    next += is_wide ? 2 : 1;
  }
  for (std::int64_t& customers : model.sums.customers) customers = *next++;
  model.counts = {next[0], next[1], next[2]};
  return next + 3;
}

}  // namespace

void reduce(const comm::Communicator& comm, const SumGrids& grids, std::span<ModelPass> models,
            std::span<std::int64_t> further) {
  std::vector<std::int64_t> message(further.begin(), further.end());
  for (const ModelPass& model : models) pack(model, grids.is_wide, message);
  comm.allreduce_sum(std::span(message));
  std::copy_n(message.begin(), further.size(), further.begin());
  const std::int64_t* next = message.data() + further.size();
  for (ModelPass& model : models) next = unpack(next, grids.is_wide, model);
}

void update_centroids(const SumGrids& grids, const SegmentSums& global_sums, Centroids& centroids) {
  for (int j = 0; j < centroids.segments; ++j) {
    const double mass = global_sums.mass(j);
    if (mass == 0) continue;
    for (int f = 0; f < centroids.features; ++f) {
      const auto i = static_cast<std::size_t>(j * centroids.features + f);
      centroids.values[i] = grids.feature[static_cast<std::size_t>(f)].value(global_sums.sums[i]) / mass;
    }
  }
}

MoveAccumulator::MoveAccumulator(const SumGrids& grids, int segments)
    : max_additions_(grids.max_additions), wide_(segments, static_cast<int>(grids.feature.size())) {
  for (const core::FixedPoint& grid : grids.feature) {
    plan_.offsets.push_back(static_cast<std::int32_t>(plan_.factors.size() * tile_rows));
    plan_.factors.push_back(grid.factor());
  }
  plan_.features = plan_.factors.size();
  stride_ = (plan_.features + plan_step - 1) / plan_step * plan_step;
  plan_.factors.resize(stride_, 0.0);
  plan_.offsets.resize(stride_, 0);
  narrow_.resize(static_cast<std::size_t>(segments + 1) * stride_);
}

void MoveAccumulator::make_room(std::int64_t movers) {
  if (pending_ + movers > max_additions_) spill();
  pending_ += movers;
}

void MoveAccumulator::count(std::int32_t from, std::int32_t to) {
  ++wide_.customers[static_cast<std::size_t>(to)];
  if (from >= 0) --wide_.customers[static_cast<std::size_t>(from)];
}

template <class T>
void MoveAccumulator::move(const T* tile, const TileMoves& moves) {
  make_room(std::popcount(moves.lanes));
  for (std::uint32_t left = moves.lanes; left != 0; left &= left - 1) {
    const int lane = std::countr_zero(left);
    count(moves.from[lane], moves.to[lane]);
  }
  move_customers(tile, plan_, moves, narrow_.data());
}

template <class T>
void MoveAccumulator::move(std::span<const Mover<T>> movers) {
  make_room(static_cast<std::int64_t>(movers.size()));
  for (const Mover<T>& mover : movers) count(mover.from, mover.to);
  move_customers(movers, plan_, narrow_.data());
}

template void MoveAccumulator::move<float>(const float*, const TileMoves&);
template void MoveAccumulator::move<double>(const double*, const TileMoves&);
template void MoveAccumulator::move<float>(std::span<const Mover<float>>);
template void MoveAccumulator::move<double>(std::span<const Mover<double>>);

void MoveAccumulator::spill() {
  const auto features = static_cast<std::size_t>(wide_.features);
  for (std::size_t i = 0; i < wide_.sums.size(); ++i)
    wide_.sums[i] += narrow_[(i / features + 1) * stride_ + i % features];
  std::fill(narrow_.begin(), narrow_.end(), 0);
  pending_ = 0;
}

void MoveAccumulator::empty_into(SegmentSums& sums) {
  spill();
  for (std::size_t i = 0; i < sums.sums.size(); ++i) sums.sums[i] += wide_.sums[i];
  for (std::size_t j = 0; j < sums.customers.size(); ++j) sums.customers[j] += wide_.customers[j];
}

}  // namespace cardseg::cluster
