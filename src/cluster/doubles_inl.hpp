// What kernels share, most of them in double precision; included once for every instruction set, as Highway's own
// -inl.h files are.
#if defined(CARDSEG_CLUSTER_DOUBLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CARDSEG_CLUSTER_DOUBLES_INL
#undef CARDSEG_CLUSTER_DOUBLES_INL
#else
#define CARDSEG_CLUSTER_DOUBLES_INL
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstring>

#include "cardseg/portfolio/feature_matrix.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using portfolio::tile_rows;

using Doubles = hn::CappedTag<double, tile_rows>;

// Bit i: lane i.
template <class D>
HWY_INLINE uint64_t bits_of(D tag, hn::Mask<D> mask) {
  uint8_t bytes[8] = {};
  hn::StoreMaskBits(tag, mask, bytes);
  uint64_t bits = 0;
  std::memcpy(&bits, bytes, sizeof bits);
  return bits;
}

// fma with one rounding, also where the instruction set has none.
template <class V>
HWY_INLINE V fused(V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, c);
#else
  const Doubles tag;
  HWY_ALIGN double x[tile_rows], y[tile_rows], z[tile_rows];
  hn::Store(a, tag, x);
  hn::Store(b, tag, y);
  hn::Store(c, tag, z);
  for (size_t i = 0; i < hn::Lanes(tag); ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::Load(tag, z);
#endif
}

HWY_INLINE hn::Vec<Doubles> load_doubles(Doubles tag, const double* from) { return hn::Load(tag, from); }
HWY_INLINE hn::Vec<Doubles> load_doubles(Doubles tag, const float* from) {
  return hn::PromoteTo(tag, hn::Load(hn::Rebind<float, Doubles>(), from));
}

// FixedPoint::round of each lane: the product with a power of two is exact, the sum rounds to the nearest integer.
HWY_INLINE hn::Vec<hn::RebindToSigned<Doubles>> round_to_grid(hn::Vec<Doubles> x, hn::Vec<Doubles> factor) {
  const hn::RebindToSigned<Doubles> integers;
  const auto magic = hn::Set(Doubles(), 0x1.8p52);
  return hn::Sub(hn::BitCast(integers, hn::MulAdd(x, factor, magic)), hn::BitCast(integers, magic));
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
