// The kernels of move_plan.hpp, compiled for every instruction set that Highway dispatches to.
#include "cardseg/cluster/move_plan.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/move_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/doubles_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {

constexpr size_t quad = 4;
constexpr size_t most_entries = 256;  // of a tile that is rounded at once: 32 KiB

HWY_INLINE int64_t* row_of(int32_t segment, size_t entries, int64_t* rows) {
  return rows + static_cast<size_t>(std::max(segment, -1) + 1) * entries;
}

HWY_INLINE hn::Vec<Doubles> gather_doubles(Doubles tag, const float* from, const int32_t* offsets) {
  const hn::Rebind<float, Doubles> floats;
  const hn::Rebind<int32_t, Doubles> index;
  return hn::PromoteTo(tag, hn::GatherIndex(floats, from, hn::LoadU(index, offsets)));
}
HWY_INLINE hn::Vec<Doubles> gather_doubles(Doubles tag, const double* from, const int32_t* offsets) {
  const hn::RebindToSigned<Doubles> index;
  const hn::Rebind<int32_t, Doubles> narrow;
  return hn::GatherIndex(tag, from, hn::PromoteTo(index, hn::LoadU(narrow, offsets)));
}

// FixedPoint::round for several features at once.
template <class T>
HWY_INLINE void move_one(const Mover<T>& mover, const MovePlan& plan, int64_t* rows) {
  const Doubles tag;
  const hn::RebindToSigned<Doubles> integers;
  const size_t entries = plan.factors.size();
  int64_t* to = row_of(mover.to, entries, rows);
  int64_t* from = row_of(mover.from, entries, rows);
  for (size_t f = 0; f < entries; f += hn::Lanes(tag)) {
    const auto x = gather_doubles(tag, mover.customer, plan.offsets.data() + f);
    const auto rounded = round_to_grid(x, hn::LoadU(tag, plan.factors.data() + f));
    hn::StoreU(hn::Add(hn::LoadU(integers, to + f), rounded), integers, to + f);
    hn::StoreU(hn::Sub(hn::LoadU(integers, from + f), rounded), integers, from + f);
  }
}

// rounded[quad][lane][4] = round(x) of the plan's entries 4 quad .. 4 quad + 3, for the 16 customers of a tile.
template <class T>
HWY_INLINE void round_tile(const T* tile, const MovePlan& plan, int64_t* rounded) {
  const Doubles tag;
  const hn::RebindToSigned<Doubles> integers;
  for (size_t f = 0; f < plan.features; f += quad, rounded += quad * tile_rows)
    for (size_t lane = 0; lane < tile_rows; lane += hn::Lanes(tag)) {
      const auto entry = [&](size_t i) HWY_ATTR {
        return round_to_grid(load_doubles(tag, tile + plan.offsets[f + i] + lane), hn::Set(tag, plan.factors[f + i]));
      };
      hn::StoreInterleaved4(entry(0), entry(1), entry(2), entry(3), integers, rounded + quad * lane);
    }
}

// sums[4 quad ..] += or -= rounded[quad], of one lane.
template <bool is_added>
HWY_INLINE void combine(const int64_t* rounded, size_t features, int64_t* sums) {
  const hn::CappedTag<int64_t, quad> tag;
  for (size_t f = 0; f < features; f += quad, rounded += quad * tile_rows)
    for (size_t i = 0; i < quad; i += hn::Lanes(tag)) {
      const auto before = hn::LoadU(tag, sums + f + i);
      const auto change = hn::LoadU(tag, rounded + i);
      hn::StoreU(is_added ? hn::Add(before, change) : hn::Sub(before, change), tag, sums + f + i);
    }
}

template <class T>
HWY_INLINE void move_each(std::span<const Mover<T>> movers, const MovePlan& plan, int64_t* rows) {
  for (const Mover<T>& mover : movers) move_one(mover, plan, rows);
}

template <class T>
HWY_INLINE void move_tile(const T* tile, const MovePlan& plan, const TileMoves& moves, int64_t* rows) {
  const size_t entries = plan.factors.size();
  if (entries > most_entries) {
    for (uint32_t left = moves.lanes; left != 0; left &= left - 1) {
      const int lane = std::countr_zero(left);
      move_one(Mover<T>{tile + lane, moves.from[lane], moves.to[lane]}, plan, rows);
    }
    return;
  }
  HWY_ALIGN int64_t rounded[most_entries * tile_rows];
  round_tile(tile, plan, rounded);
  for (uint32_t left = moves.lanes; left != 0; left &= left - 1) {
    const int lane = std::countr_zero(left);
    const int64_t* from_lane = rounded + quad * static_cast<size_t>(lane);
    combine<true>(from_lane, plan.features, row_of(moves.to[lane], entries, rows));
    if (moves.from[lane] >= 0) combine<false>(from_lane, plan.features, row_of(moves.from[lane], entries, rows));
  }
}

void MoveEachFloat(std::span<const Mover<float>> movers, const MovePlan& plan, int64_t* rows) {
  move_each(movers, plan, rows);
}
void MoveEachDouble(std::span<const Mover<double>> movers, const MovePlan& plan, int64_t* rows) {
  move_each(movers, plan, rows);
}
void MoveTileFloat(const float* tile, const MovePlan& plan, const TileMoves& moves, int64_t* rows) {
  move_tile(tile, plan, moves, rows);
}
void MoveTileDouble(const double* tile, const MovePlan& plan, const TileMoves& moves, int64_t* rows) {
  move_tile(tile, plan, moves, rows);
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(MoveEachFloat);
HWY_EXPORT(MoveEachDouble);
HWY_EXPORT(MoveTileFloat);
HWY_EXPORT(MoveTileDouble);

void move_customers(std::span<const Mover<float>> movers, const MovePlan& plan, std::int64_t* rows) {
  HWY_DYNAMIC_DISPATCH(MoveEachFloat)(movers, plan, rows);
}

void move_customers(std::span<const Mover<double>> movers, const MovePlan& plan, std::int64_t* rows) {
  HWY_DYNAMIC_DISPATCH(MoveEachDouble)(movers, plan, rows);
}

void move_customers(const float* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* rows) {
  HWY_DYNAMIC_DISPATCH(MoveTileFloat)(tile, plan, moves, rows);
}

void move_customers(const double* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* rows) {
  HWY_DYNAMIC_DISPATCH(MoveTileDouble)(tile, plan, moves, rows);
}

}  // namespace cardseg::cluster
#endif
