// The kernels of customer_order.hpp, compiled for every instruction set that Highway dispatches to.
#include <algorithm>

#include "cluster/customer_order.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/order_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using portfolio::tile_rows;

constexpr size_t quad = 4;

template <class T>
HWY_INLINE void to_quads_impl(const T* tile, size_t features, T* quads) {
  const hn::CappedTag<T, tile_rows> tag;
  for (size_t f = 0; f < features; f += quad, quads += quad * tile_rows) {
    const auto column = [&](size_t i) { return tile + std::min(f + i, features - 1) * tile_rows; };
    for (size_t lane = 0; lane < tile_rows; lane += hn::Lanes(tag))
      hn::StoreInterleaved4(hn::Load(tag, column(0) + lane), hn::Load(tag, column(1) + lane),
                            hn::Load(tag, column(2) + lane), hn::Load(tag, column(3) + lane), tag, quads + quad * lane);
  }
}

template <class T>
HWY_INLINE void copy_quad(const T* from, T* to) {
  const hn::CappedTag<T, quad> tag;
  for (size_t i = 0; i < quad; i += hn::Lanes(tag)) hn::StoreU(hn::LoadU(tag, from + i), tag, to + i);
}

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
// Lanes 4 i .. 4 i + 3: the quad of customers[4 i]. Put together in registers: a vector that is read from what was just
// stored in pieces would wait for all of them.
template <class D>
HWY_INLINE hn::Vec<D> every_fourth(D tag, const float* const* customers, size_t offset) {
  if constexpr (hn::MaxLanes(D()) == quad) {
    return hn::LoadU(tag, customers[0] + offset);
  } else {
    const hn::Half<D> half;
    return hn::Combine(tag, every_fourth(half, customers + hn::MaxLanes(half), offset),
                       every_fourth(half, customers, offset));
  }
}

HWY_INLINE void from_quads_impl(const float* const* customers, size_t features, float* tile) {
  const hn::CappedTag<float, tile_rows> tag;
  const hn::Repartition<double, decltype(tag)> pairs;
  const auto lower = [=](auto a, auto b) HWY_ATTR {
    return hn::BitCast(tag, hn::InterleaveLower(pairs, hn::BitCast(pairs, a), hn::BitCast(pairs, b)));
  };
  const auto upper = [=](auto a, auto b) HWY_ATTR {
    return hn::BitCast(tag, hn::InterleaveUpper(pairs, hn::BitCast(pairs, a), hn::BitCast(pairs, b)));
  };
  for (size_t f = 0; f < features; f += quad)
    for (size_t lane = 0; lane < tile_rows; lane += hn::Lanes(tag)) {
      const auto a = every_fourth(tag, customers + lane, f * tile_rows);
      const auto b = every_fourth(tag, customers + lane + 1, f * tile_rows);
      const auto c = every_fourth(tag, customers + lane + 2, f * tile_rows);
      const auto d = every_fourth(tag, customers + lane + 3, f * tile_rows);
      const auto ab_low = hn::InterleaveLower(tag, a, b);  // features 0 and 1
      const auto cd_low = hn::InterleaveLower(tag, c, d);
      const auto ab_high = hn::InterleaveUpper(tag, a, b);
      const auto cd_high = hn::InterleaveUpper(tag, c, d);
      const size_t last = std::min(quad, features - f) - 1;
      float* to = tile + f * tile_rows + lane;
      hn::Store(lower(ab_low, cd_low), tag, to);
      if (last >= 1) hn::Store(upper(ab_low, cd_low), tag, to + tile_rows);
      if (last >= 2) hn::Store(lower(ab_high, cd_high), tag, to + 2 * tile_rows);
      if (last >= 3) hn::Store(upper(ab_high, cd_high), tag, to + 3 * tile_rows);
    }
}
#endif

template <class T>
HWY_INLINE void from_quads_impl(const T* const* customers, size_t features, T* tile) {
  const hn::CappedTag<T, tile_rows> tag;
  HWY_ALIGN T rows[quad * tile_rows];
  for (size_t f = 0; f < features; f += quad) {
    for (size_t lane = 0; lane < tile_rows; ++lane) copy_quad(customers[lane] + f * tile_rows, rows + quad * lane);
    const size_t last = std::min(quad, features - f) - 1;
    for (size_t lane = 0; lane < tile_rows; lane += hn::Lanes(tag)) {
      hn::Vec<decltype(tag)> v0, v1, v2, v3;
      hn::LoadInterleaved4(tag, rows + quad * lane, v0, v1, v2, v3);
      T* to = tile + f * tile_rows + lane;
      hn::Store(v0, tag, to);
      if (last >= 1) hn::Store(v1, tag, to + tile_rows);
      if (last >= 2) hn::Store(v2, tag, to + 2 * tile_rows);
      if (last >= 3) hn::Store(v3, tag, to + 3 * tile_rows);
    }
  }
}

void ToQuadsFloat(const float* tile, int features, float* quads) {
  to_quads_impl(tile, static_cast<size_t>(features), quads);
}
void ToQuadsDouble(const double* tile, int features, double* quads) {
  to_quads_impl(tile, static_cast<size_t>(features), quads);
}
void FromQuadsFloat(const float* const* customers, int features, float* tile) {
  from_quads_impl(customers, static_cast<size_t>(features), tile);
}
void FromQuadsDouble(const double* const* customers, int features, double* tile) {
  from_quads_impl(customers, static_cast<size_t>(features), tile);
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(ToQuadsFloat);
HWY_EXPORT(ToQuadsDouble);
HWY_EXPORT(FromQuadsFloat);
HWY_EXPORT(FromQuadsDouble);

void to_quads(const float* tile, int features, float* quads) {
  HWY_DYNAMIC_DISPATCH(ToQuadsFloat)(tile, features, quads);
}
void to_quads(const double* tile, int features, double* quads) {
  HWY_DYNAMIC_DISPATCH(ToQuadsDouble)(tile, features, quads);
}
void from_quads(const float* const* customers, int features, float* tile) {
  HWY_DYNAMIC_DISPATCH(FromQuadsFloat)(customers, features, tile);
}
void from_quads(const double* const* customers, int features, double* tile) {
  HWY_DYNAMIC_DISPATCH(FromQuadsDouble)(customers, features, tile);
}

}  // namespace cardseg::cluster
#endif
