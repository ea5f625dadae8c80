// The vector kernels behind point_distances.hpp, compiled for every instruction set that Highway dispatches to.
#include "cardseg/cluster/point_distances.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/point_distances.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/doubles_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
HWY_INLINE void distances_impl(const T* tile, const double* point, int features, double factor, int64_t* quanta) {
  const Doubles tag;
  for (int lane = 0; lane < tile_rows; lane += static_cast<int>(hn::Lanes(tag))) {
    auto squared = hn::Zero(tag);
    for (int f = 0; f < features; ++f) {
      const auto difference = hn::Sub(load_doubles(tag, tile + lane + f * tile_rows), hn::Set(tag, point[f]));
      squared = fused(difference, difference, squared);
    }
    const hn::RebindToSigned<Doubles> integers;
    hn::StoreU(round_to_grid(hn::Sqrt(squared), hn::Set(tag, factor)), integers, quanta + lane);
  }
}

void DistancesFloat(const float* tile, const double* point, int features, double factor, int64_t* quanta) {
  distances_impl(tile, point, features, factor, quanta);
}
void DistancesDouble(const double* tile, const double* point, int features, double factor, int64_t* quanta) {
  distances_impl(tile, point, features, factor, quanta);
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(DistancesFloat);
HWY_EXPORT(DistancesDouble);

template <>
void find_point_distances<float>(const float* tile, const double* point, int features, const core::FixedPoint& grid,
                                 std::int64_t* quanta) {
  HWY_DYNAMIC_DISPATCH(DistancesFloat)(tile, point, features, grid.factor(), quanta);
}

template <>
void find_point_distances<double>(const double* tile, const double* point, int features, const core::FixedPoint& grid,
                                  std::int64_t* quanta) {
  HWY_DYNAMIC_DISPATCH(DistancesDouble)(tile, point, features, grid.factor(), quanta);
}

}  // namespace cardseg::cluster
#endif
