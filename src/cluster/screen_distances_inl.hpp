// What the screen's kernels know of distances: bounds of true ones from scores in float32. Included once for every
// instruction set, as Highway's own -inl.h files are.
#if defined(CARDSEG_CLUSTER_SCREEN_DISTANCES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CARDSEG_CLUSTER_SCREEN_DISTANCES_INL
#undef CARDSEG_CLUSTER_SCREEN_DISTANCES_INL
#else
#define CARDSEG_CLUSTER_SCREEN_DISTANCES_INL
#endif

#include <hwy/highway.h>

#include <cfloat>

#include "cardseg/cluster/screen.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, portfolio::tile_rows>;
using V = hn::Vec<Floats>;

// s = |c|^2 / 2 - x.c
struct Products {
  static HWY_INLINE V begin(float half_norm) { return hn::Set(Floats(), half_norm); }
  static HWY_INLINE V add(V x, V centroid, V sum) { return hn::NegMulAdd(x, centroid, sum); }
};

// s = |x - c|^2
struct Differences {
  static HWY_INLINE V begin(float) { return hn::Zero(Floats()); }
  static HWY_INLINE V add(V x, V centroid, V sum) {
    const V difference = hn::Sub(x, centroid);
    return hn::MulAdd(difference, difference, sum);
  }
};

constexpr float four_u = 0x1p-22f;

// A root, and what it has to be multiplied by to be less than the true one by a part of 2^-22 or more; x >=
// least_squared.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR
constexpr float root_below = 1.0f - 0x1p-11f;  // the hardware's estimate is off by less than 1.5 2^-12
HWY_INLINE V rough_root(V x) { return hn::Mul(x, hn::ApproximateReciprocalSqrt(x)); }
#else
constexpr float root_below = 1.0f - 0x1p-20f;
HWY_INLINE V rough_root(V x) { return hn::Sqrt(x); }
#endif

constexpr float least_squared = 1e-30f;
constexpr float least_distance = 2e-15f;  // more than the root of that
constexpr float very_far = FLT_MAX / 8;   // the score of whoever there is none of; twice it is a number, too

// Bounds of true distances from scores of one vector of customers.
template <class Form>
struct Distances;

// |x - c|^2 = |x|^2 + 2 s, off by at most (d + 2) u |x|^2 + 2 E <= 2 limit; a third for what is rounded here
template <>
struct Distances<Products> {
  V norm;
  V limit;
  V margin;
  hn::Mask<Floats> is_sound;

  Distances(const ScreenCentroids& centroids, V its_norm) : norm(its_norm) {
    const Floats tag;
    limit = hn::MulAdd(hn::Set(tag, centroids.relative), norm, hn::Set(tag, centroids.absolute));
    margin = hn::Mul(limit, hn::Set(tag, 3.0f));
    is_sound = hn::Lt(norm, hn::Set(tag, centroids.overflow));
  }
  HWY_INLINE hn::Mask<Floats> is_settled(V best, V second) const {
    return hn::And(is_sound, hn::Gt(hn::Sub(second, best), limit));
  }
  HWY_INLINE V below(V score) const {
    const Floats tag;
    const V squared = hn::Min(hn::MulAdd(hn::Set(tag, 2.0f), score, norm), hn::Set(tag, FLT_MAX));
    return hn::Sqrt(hn::Max(hn::Sub(squared, margin), hn::Zero(tag)));
  }
  HWY_INLINE V above(V score) const {
    const Floats tag;
    const V squared = hn::Add(hn::MulAdd(hn::Set(tag, 2.0f), score, norm), margin);
    return hn::Sqrt(hn::Max(squared, hn::Zero(tag)));
  }
};

template <>
struct Distances<Differences> {
  V upper;
  V lower;
  V gap;

  Distances(const ScreenCentroids& centroids, V) {
    const Floats tag;
    upper = hn::Set(tag, 1.0f + centroids.relative);
    lower = hn::Set(tag, 1.0f - centroids.relative);
    gap = hn::Set(tag, centroids.absolute);
  }
  HWY_INLINE hn::Mask<Floats> is_settled(V best, V second) const {
    const V farther = hn::Mul(hn::Sqrt(hn::Min(second, hn::Set(Floats(), FLT_MAX))), lower);
    return hn::Gt(hn::Sub(farther, hn::Mul(hn::Sqrt(best), upper)), gap);
  }
  HWY_INLINE V below(V score) const {
    return hn::Sub(hn::Mul(hn::Sqrt(hn::Min(score, hn::Set(Floats(), FLT_MAX))), lower), gap);
  }
  HWY_INLINE V above(V score) const { return hn::Add(hn::Mul(hn::Sqrt(score), upper), gap); }
};

// At most farther - nearer; 0 where that is negative or no number.
HWY_INLINE V gap_between(V farther, V nearer) {
  const Floats tag;
  const V one = hn::Set(tag, 1.0f);
  const V u4 = hn::Set(tag, four_u);
  const V gap = hn::Sub(hn::Mul(farther, hn::Sub(one, u4)), hn::Mul(nearer, hn::Add(one, u4)));
  return hn::IfThenElseZero(hn::Gt(gap, hn::Zero(tag)), hn::Mul(gap, hn::Sub(one, u4)));
}

// gap_between(below(score), above(best)) for many scores <= very_far of settled customers: roughly, and still at most
// that where it is above 0.
template <class Form>
struct Gaps;

HWY_INLINE V rounded_up(V distance) {
  const Floats tag;
  return hn::Max(hn::Mul(distance, hn::Set(tag, 1.0f + four_u)), hn::Set(tag, least_distance));
}

template <>
struct Gaps<Products> {
  V base;
  V factor;
  V nearer;

  Gaps(const Distances<Products>& distances, V best)
      : base(hn::Sub(distances.norm, distances.margin)),
        factor(hn::Set(Floats(), root_below)),
        nearer(rounded_up(distances.above(best))) {}
  HWY_INLINE V to(V score) const {
    const Floats tag;
    const V squared = hn::Max(hn::MulAdd(hn::Set(tag, 2.0f), score, base), hn::Set(tag, least_squared));
    return hn::MulSub(rough_root(squared), factor, nearer);
  }
};

template <>
struct Gaps<Differences> {
  V factor;
  V nearer;

  Gaps(const Distances<Differences>& distances, V best)
      : factor(hn::Mul(distances.lower, hn::Set(Floats(), root_below))),
        nearer(rounded_up(hn::Add(distances.above(best), distances.gap))) {}
  HWY_INLINE V to(V score) const {
    const Floats tag;
    return hn::MulSub(rough_root(hn::Max(score, hn::Set(tag, least_squared))), factor, nearer);
  }
};

constexpr int lanes_of_all = hn::MaxLanes(Floats());

#if HWY_TARGET != HWY_SCALAR
// In each block of four lanes: the least of the block of rows[0] to rows[3].
HWY_INLINE V fold_four(const V* rows) {
  const Floats tag;
  const hn::Repartition<double, Floats> pairs;
  const V low = hn::Min(hn::InterleaveLower(tag, rows[0], rows[1]), hn::InterleaveUpper(tag, rows[0], rows[1]));
  const V high = hn::Min(hn::InterleaveLower(tag, rows[2], rows[3]), hn::InterleaveUpper(tag, rows[2], rows[3]));
  return hn::Min(hn::BitCast(tag, hn::InterleaveLower(pairs, hn::BitCast(pairs, low), hn::BitCast(pairs, high))),
                 hn::BitCast(tag, hn::InterleaveUpper(pairs, hn::BitCast(pairs, low), hn::BitCast(pairs, high))));
}
#endif

#if HWY_CAP_GE256
HWY_INLINE V fold_halves(V a, V b) {  // the lower half: of a
  const Floats tag;
  return hn::Min(hn::ConcatLowerLower(tag, b, a), hn::ConcatUpperUpper(tag, b, a));
}
#endif

// Lane i: the least lane of rows[i].
HWY_INLINE V least_lanes(const V (&rows)[lanes_of_all]) {
#if HWY_CAP_GE512
  const V even = fold_halves(fold_four(rows), fold_four(rows + 8));
  const V odd = fold_halves(fold_four(rows + 4), fold_four(rows + 12));
  return hn::OddEvenBlocks(hn::Min(odd, hn::SwapAdjacentBlocks(odd)), hn::Min(even, hn::SwapAdjacentBlocks(even)));
#elif HWY_CAP_GE256
  return fold_halves(fold_four(rows), fold_four(rows + 4));
#elif HWY_TARGET == HWY_SCALAR
  return rows[0];
#else
  return fold_four(rows);
#endif
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
