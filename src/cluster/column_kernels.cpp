// The kernels of column_kernels.hpp, compiled for every instruction set that Highway dispatches to.
#include "cluster/column_kernels.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/column_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/doubles_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {

template <class T>
HWY_INLINE void ranges_impl(const TileRun<T>& run, T* lowest, T* highest) {
  const hn::CappedTag<T, tile_rows> tag;
  const int64_t size = int64_t{run.features} * tile_rows;
  for (int64_t t = 0; t < run.tiles; ++t)
    for (int64_t i = 0; i < size; i += static_cast<int64_t>(hn::Lanes(tag))) {
      const auto x = hn::LoadU(tag, run.values + t * size + i);
      hn::StoreU(hn::Min(hn::LoadU(tag, lowest + i), x), tag, lowest + i);
      hn::StoreU(hn::Max(hn::LoadU(tag, highest + i), x), tag, highest + i);
    }
}

// sums[feature][lane] += round(value(x, feature))
template <class T, class Value>
HWY_INLINE void sums_impl(const TileRun<T>& run, const double* factors, int64_t* sums, Value value) {
  const Doubles tag;
  const hn::RebindToSigned<Doubles> integers;
  const int64_t size = int64_t{run.features} * tile_rows;
  for (int64_t t = 0; t < run.tiles; ++t)
    for (int64_t i = 0; i < size; i += static_cast<int64_t>(hn::Lanes(tag))) {
      const auto x = value(load_doubles(tag, run.values + t * size + i), i / tile_rows);
      const auto rounded = round_to_grid(x, hn::Set(tag, factors[i / tile_rows]));
      hn::StoreU(hn::Add(hn::LoadU(integers, sums + i), rounded), integers, sums + i);
    }
}

template <class T>
HWY_INLINE void values_impl(const TileRun<T>& run, const double* factors, int64_t* sums) {
  sums_impl(run, factors, sums, [](auto x, int64_t) HWY_ATTR { return x; });
}

template <class T>
HWY_INLINE void squares_impl(const TileRun<T>& run, const double* means, const double* factors, int64_t* sums) {
  sums_impl(run, factors, sums, [means](auto x, int64_t feature) HWY_ATTR {
    const auto difference = hn::Sub(x, hn::Set(Doubles(), means[feature]));
    return hn::Mul(difference, difference);
  });
}

void RangesFloat(const TileRun<float>& run, float* lowest, float* highest) { ranges_impl(run, lowest, highest); }
void RangesDouble(const TileRun<double>& run, double* lowest, double* highest) { ranges_impl(run, lowest, highest); }
void ValuesFloat(const TileRun<float>& run, const double* factors, int64_t* sums) { values_impl(run, factors, sums); }
void ValuesDouble(const TileRun<double>& run, const double* factors, int64_t* sums) { values_impl(run, factors, sums); }
void SquaresFloat(const TileRun<float>& run, const double* means, const double* factors, int64_t* sums) {
  squares_impl(run, means, factors, sums);
}
void SquaresDouble(const TileRun<double>& run, const double* means, const double* factors, int64_t* sums) {
  squares_impl(run, means, factors, sums);
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(RangesFloat);
HWY_EXPORT(RangesDouble);
HWY_EXPORT(ValuesFloat);
HWY_EXPORT(ValuesDouble);
HWY_EXPORT(SquaresFloat);
HWY_EXPORT(SquaresDouble);

template <>
void widen_ranges<float>(const TileRun<float>& run, float* lowest, float* highest) {
  HWY_DYNAMIC_DISPATCH(RangesFloat)(run, lowest, highest);
}

template <>
void widen_ranges<double>(const TileRun<double>& run, double* lowest, double* highest) {
  HWY_DYNAMIC_DISPATCH(RangesDouble)(run, lowest, highest);
}

template <>
void add_values<float>(const TileRun<float>& run, const double* factors, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(ValuesFloat)(run, factors, sums);
}

template <>
void add_values<double>(const TileRun<double>& run, const double* factors, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(ValuesDouble)(run, factors, sums);
}

template <>
void add_squares<float>(const TileRun<float>& run, const double* means, const double* factors, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(SquaresFloat)(run, means, factors, sums);
}

template <>
void add_squares<double>(const TileRun<double>& run, const double* means, const double* factors, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(SquaresDouble)(run, means, factors, sums);
}

}  // namespace cardseg::cluster
#endif
