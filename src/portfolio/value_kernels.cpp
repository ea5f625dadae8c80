// The kernels of value_kernels.hpp, compiled for every instruction set that Highway dispatches to.
#include "portfolio/value_kernels.hpp"

#include <algorithm>

#include "cardseg/portfolio/feature_matrix.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "portfolio/value_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cardseg::portfolio::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::CappedTag<double, tile_rows>;
using Integers = hn::RebindToSigned<Doubles>;
using Vector = hn::Vec<Doubles>;

// Calls each(i) for vectors of whole lanes, then rest(i) for what is left.
template <class Each, class Rest>
HWY_INLINE void for_lanes(int64_t count, Each each, Rest rest) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(Doubles()));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) each(i);
  for (; i < count; ++i) rest(i);
}

LocalFacts Facts(const double* values, int64_t count) {
  const Doubles tag;
  LocalFacts facts;
  int64_t present = 0;
  Vector min = hn::Set(tag, facts.min);
  Vector max = hn::Set(tag, facts.max);
  for_lanes(
      count,
      [&](int64_t i) HWY_ATTR {
        const Vector x = hn::LoadU(tag, values + i);
        min = hn::IfThenElse(hn::Lt(x, min), x, min);
        max = hn::IfThenElse(hn::Gt(x, max), x, max);
        present += static_cast<int64_t>(hn::CountTrue(tag, hn::Eq(x, x)));  // Ne is false for NaN with AVX-512
      },
      [&](int64_t i) {
        present += values[i] == values[i] ? 1 : 0;
        if (values[i] < facts.min) facts.min = values[i];
        if (values[i] > facts.max) facts.max = values[i];
      });
  facts.min = std::min(facts.min, hn::GetLane(hn::MinOfLanes(tag, min)));
  facts.max = std::max(facts.max, hn::GetLane(hn::MaxOfLanes(tag, max)));
  facts.present = present;
  facts.missing = count - present;
  return facts;
}

Between TakeBetween(const double* values, int64_t count, double low, double high, double* out) {
  const Doubles tag;
  const Vector lows = hn::Set(tag, low);
  const Vector highs = hn::Set(tag, high);
  Between found;
  for_lanes(
      count,
      [&](int64_t i) HWY_ATTR {
        const Vector x = hn::LoadU(tag, values + i);
        found.equal += static_cast<int64_t>(hn::CountTrue(tag, hn::Eq(x, lows)));
        const auto is_between = hn::And(hn::Gt(x, lows), hn::Le(x, highs));
        found.between += static_cast<int64_t>(hn::CompressStore(x, is_between, tag, out + found.between));
      },
      [&](int64_t i) {
        found.equal += values[i] == low ? 1 : 0;
        out[found.between] = values[i];
        found.between += values[i] > low && values[i] <= high ? 1 : 0;
      });
  return found;
}

// FixedPoint::round of lanes: the product with a power of two is exact, the sum rounds to the nearest integer.
template <class D>
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> round_to_grid(D tag, hn::Vec<D> x, double grid) {
  const hn::RebindToSigned<D> integers;
  const auto magic = hn::Set(tag, 0x1.8p52);
  return hn::Sub(hn::BitCast(integers, hn::MulAdd(x, hn::Set(tag, grid), magic)), hn::BitCast(integers, magic));
}

// The sum of round(value(tag, x)).
template <class Value>
HWY_INLINE int64_t sum_impl(const double* values, int64_t count, double grid, const Value& value) {
  const Doubles tag;
  const hn::CappedTag<double, 1> one;
  int64_t rest = 0;
  hn::Vec<Integers> sums = hn::Zero(Integers());
  for_lanes(
      count,
      [&](int64_t i)
          HWY_ATTR { sums = hn::Add(sums, round_to_grid(tag, value(tag, hn::LoadU(tag, values + i)), grid)); },
      [&](int64_t i)
          HWY_ATTR { rest += hn::GetLane(round_to_grid(one, value(one, hn::LoadU(one, values + i)), grid)); });
  return rest + hn::GetLane(hn::SumOfLanes(Integers(), sums));
}

int64_t Rounded(const double* values, int64_t count, const GridSteps& steps) {
  return sum_impl(values, count, steps.grid, [&steps](auto tag, auto x) HWY_ATTR {
    const auto present = hn::IfThenElseZero(hn::Eq(x, x), x);
    return hn::Mul(hn::Mul(present, hn::Set(tag, steps.unit)), hn::Set(tag, steps.lift));
  });
}

int64_t RoundedSquares(const double* values, int64_t count, double mean, const GridSteps& steps) {
  return sum_impl(values, count, steps.grid, [&steps, mean](auto tag, auto x) HWY_ATTR {
    const auto distance = hn::Sub(hn::Mul(x, hn::Set(tag, steps.unit)), hn::Set(tag, mean));
    const auto deviation = hn::IfThenElseZero(hn::Eq(x, x), distance);
    return hn::Mul(hn::Mul(deviation, deviation), hn::Set(tag, steps.lift));
  });
}

HWY_INLINE Vector scale(const double* from, Vector centre, Vector factor, Vector limit, hn::Mask<Doubles>& is_good) {
  const Vector x = hn::Mul(hn::Sub(hn::LoadU(Doubles(), from), centre), factor);
  is_good = hn::And(is_good, hn::Le(hn::Abs(x), limit));
  return x;
}

// Calls store_tile(values of a tile, scale of a vector, its place).
template <class T, class StoreTile>
HWY_INLINE bool encode_impl(const double* values, int64_t tiles, const Scaling& scaling, T* to, int64_t tile_size,
                            StoreTile store_tile) {
  const Vector centre = hn::Set(Doubles(), scaling.centre);
  const Vector factor = hn::Set(Doubles(), scaling.factor);
  const Vector limit = hn::Set(Doubles(), scaling.limit);
  hn::Mask<Doubles> is_good = hn::Le(hn::Zero(Doubles()), limit);
  for (int64_t t = 0; t < tiles; ++t)
    store_tile(
        values + t * tile_rows,
        [&](const double* from) HWY_ATTR { return scale(from, centre, factor, limit, is_good); }, to + t * tile_size);
  hwy::FlushStream();
  return hn::AllTrue(Doubles(), is_good);
}

// out[i] = float(x(i)) for a tile.
template <class ScaledAt>
HWY_INLINE void store_floats(const double* from, ScaledAt& scaled, float* out) {
#if HWY_TARGET == HWY_SCALAR
  for (int64_t i = 0; i < tile_rows; ++i) out[i] = static_cast<float>(hn::GetLane(scaled(from + i)));
#else
  const hn::Repartition<float, Doubles> floats;  // of two vectors of doubles
  const hn::Half<decltype(floats)> half;
  const size_t lanes = hn::Lanes(Doubles());
  for (size_t i = 0; i < tile_rows; i += 2 * lanes) {
    const auto lower = hn::DemoteTo(half, scaled(from + i));
    const auto upper = hn::DemoteTo(half, scaled(from + i + lanes));
    hn::Stream(hn::Combine(floats, upper, lower), floats, out + i);
  }
#endif
}

bool EncodeFloat(const double* values, int64_t tiles, const Scaling& scaling, float* to, int64_t tile_size) {
  return encode_impl(values, tiles, scaling, to, tile_size,
                     [](const double* from, auto scaled, float* out) HWY_ATTR { store_floats(from, scaled, out); });
}

bool EncodeDouble(const double* values, int64_t tiles, const Scaling& scaling, double* to, int64_t tile_size) {
  return encode_impl(values, tiles, scaling, to, tile_size, [](const double* from, auto scaled, double* out) HWY_ATTR {
    for (size_t i = 0; i < tile_rows; i += hn::Lanes(Doubles())) hn::Stream(scaled(from + i), Doubles(), out + i);
  });
}

}  // namespace cardseg::portfolio::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::portfolio {

HWY_EXPORT(Facts);
HWY_EXPORT(TakeBetween);
HWY_EXPORT(Rounded);
HWY_EXPORT(RoundedSquares);
HWY_EXPORT(EncodeFloat);
HWY_EXPORT(EncodeDouble);

LocalFacts facts_of_values(std::span<const double> values) {
  return HWY_DYNAMIC_DISPATCH(Facts)(values.data(), std::ssize(values));
}

Between take_between(std::span<const double> values, double low, double high, double* out) {
  return HWY_DYNAMIC_DISPATCH(TakeBetween)(values.data(), std::ssize(values), low, high, out);
}

std::int64_t sum_rounded(std::span<const double> values, const GridSteps& steps) {
  return HWY_DYNAMIC_DISPATCH(Rounded)(values.data(), std::ssize(values), steps);
}

std::int64_t sum_rounded_squares(std::span<const double> values, double mean, const GridSteps& steps) {
  return HWY_DYNAMIC_DISPATCH(RoundedSquares)(values.data(), std::ssize(values), mean, steps);
}

template <>
bool encode_tiles<float>(std::span<const double> values, const Scaling& scaling, float* tiles, std::int64_t tile_size) {
  return HWY_DYNAMIC_DISPATCH(EncodeFloat)(values.data(), std::ssize(values) / tile_rows, scaling, tiles, tile_size);
}

template <>
bool encode_tiles<double>(std::span<const double> values, const Scaling& scaling, double* tiles,
                          std::int64_t tile_size) {
  return HWY_DYNAMIC_DISPATCH(EncodeDouble)(values.data(), std::ssize(values) / tile_rows, scaling, tiles, tile_size);
}

}  // namespace cardseg::portfolio
#endif
