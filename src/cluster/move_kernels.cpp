// The kernels of move_plan.hpp, compiled for every instruction set that Highway dispatches to.
#include "cardseg/cluster/move_plan.hpp"

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
constexpr int few = 3;                   // movers of a tile below which each is gathered by itself
constexpr ptrdiff_t most_entries = 256;  // of a tile that is rounded at once: 32 KiB

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

// added[f] += round(x_f), subtracted[f] -= round(x_f): FixedPoint::round for several features at once.
template <bool has_source, class T>
HWY_INLINE void move_impl(const T* customer, const MovePlan& plan, int64_t* added, int64_t* subtracted) {
  const Doubles tag;
  const hn::RebindToSigned<Doubles> integers;
  for (size_t f = 0; f < plan.factors.size(); f += hn::Lanes(tag)) {
    const auto x = gather_doubles(tag, customer, plan.offsets.data() + f);
    const auto rounded = round_to_grid(x, hn::LoadU(tag, plan.factors.data() + f));
    hn::StoreU(hn::Add(hn::LoadU(integers, added + f), rounded), integers, added + f);
    if constexpr (has_source)
      hn::StoreU(hn::Sub(hn::LoadU(integers, subtracted + f), rounded), integers, subtracted + f);
  }
}

// rounded[quad][lane][4] = round(x) of the plan's entries 4 quad .. 4 quad + 3, for the 16 customers of a tile.
template <class T>
HWY_INLINE void round_tile(const T* tile, const MovePlan& plan, int64_t* rounded) {
  const Doubles tag;
  const hn::RebindToSigned<Doubles> integers;
  for (size_t f = 0; f < plan.factors.size(); f += quad, rounded += quad * tile_rows)
    for (size_t lane = 0; lane < tile_rows; lane += hn::Lanes(tag)) {
      const auto entry = [&](size_t i) HWY_ATTR {
        return round_to_grid(load_doubles(tag, tile + plan.offsets[f + i] + lane), hn::Set(tag, plan.factors[f + i]));
      };
      hn::StoreInterleaved4(entry(0), entry(1), entry(2), entry(3), integers, rounded + quad * lane);
    }
}

// sums[4 quad ..] += or -= rounded[quad], of one lane.
template <bool is_added>
HWY_INLINE void combine(const int64_t* rounded, size_t entries, int64_t* sums) {
  const hn::CappedTag<int64_t, quad> tag;
  for (size_t f = 0; f < entries; f += quad, rounded += quad * tile_rows)
    for (size_t i = 0; i < quad; i += hn::Lanes(tag)) {
      const auto before = hn::LoadU(tag, sums + f + i);
      const auto change = hn::LoadU(tag, rounded + i);
      hn::StoreU(is_added ? hn::Add(before, change) : hn::Sub(before, change), tag, sums + f + i);
    }
}

template <class T>
HWY_INLINE void move_one(const T* tile, const MovePlan& plan, const TileMoves& moves, int lane, int64_t* sums) {
  const auto stride = static_cast<ptrdiff_t>(plan.factors.size());
  if (moves.from[lane] < 0)
    move_impl<false>(tile + lane, plan, sums + moves.to[lane] * stride, nullptr);
  else
    move_impl<true>(tile + lane, plan, sums + moves.to[lane] * stride, sums + moves.from[lane] * stride);
}

template <class T>
HWY_INLINE void move_tile_impl(const T* tile, const MovePlan& plan, const TileMoves& moves, int64_t* sums) {
  const auto entries = static_cast<ptrdiff_t>(plan.factors.size());
  if (std::popcount(moves.lanes) < few || entries > most_entries) {
    for (uint32_t left = moves.lanes; left != 0; left &= left - 1)
      move_one(tile, plan, moves, std::countr_zero(left), sums);
    return;
  }
  HWY_ALIGN int64_t rounded[most_entries * tile_rows];
  round_tile(tile, plan, rounded);
  for (uint32_t left = moves.lanes; left != 0; left &= left - 1) {
    const int lane = std::countr_zero(left);
    const int64_t* from_lane = rounded + quad * static_cast<size_t>(lane);
    combine<true>(from_lane, plan.factors.size(), sums + moves.to[lane] * entries);
    if (moves.from[lane] >= 0) combine<false>(from_lane, plan.factors.size(), sums + moves.from[lane] * entries);
  }
}

ChangedLanes CompareLabels(const int32_t* winner, const int32_t* label) {
  const hn::CappedTag<int32_t, tile_rows> tag;
  ChangedLanes changed;
  for (size_t i = 0; i < tile_rows; i += hn::Lanes(tag)) {
    const auto its_winner = hn::LoadU(tag, winner + i);
    const auto differs = static_cast<uint32_t>(bits_of(tag, hn::Ne(its_winner, hn::LoadU(tag, label + i))));
    const auto is_unsettled = static_cast<uint32_t>(bits_of(tag, hn::Lt(its_winner, hn::Zero(tag))));
    changed.settled |= (differs & ~is_unsettled) << i;
    changed.unsettled |= (differs & is_unsettled) << i;
  }
  return changed;
}

void MoveFloats(const float* tile, const MovePlan& plan, const TileMoves& moves, int64_t* sums) {
  move_tile_impl(tile, plan, moves, sums);
}
void MoveDoubles(const double* tile, const MovePlan& plan, const TileMoves& moves, int64_t* sums) {
  move_tile_impl(tile, plan, moves, sums);
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(CompareLabels);
HWY_EXPORT(MoveFloats);
HWY_EXPORT(MoveDoubles);

ChangedLanes compare_labels(const std::int32_t* winner, const std::int32_t* label) {
  return HWY_DYNAMIC_DISPATCH(CompareLabels)(winner, label);
}

void move_customers(const float* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(MoveFloats)(tile, plan, moves, sums);
}

void move_customers(const double* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(MoveDoubles)(tile, plan, moves, sums);
}

}  // namespace cardseg::cluster
#endif
