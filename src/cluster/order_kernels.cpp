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

constexpr size_t tile_rows = 16;
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
