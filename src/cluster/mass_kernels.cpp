// The kernels of mass_kernels.hpp, compiled for every instruction set that Highway dispatches to. Lanes are customers.
#include "cluster/mass_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/mass_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/doubles_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {

using Integers = hn::RebindToSigned<Doubles>;

// What customers at these squared distances are drawn by: weight times distance on the grid, with weights of 1.
HWY_INLINE hn::Vec<Integers> masses_at(hn::Vec<Doubles> distance, hn::Vec<Doubles> factor) {
  return round_to_grid(distance, factor);
}

// Largest distance and mass so far, lane by lane.
struct Tally {
  hn::Vec<Doubles> largest;
  hn::Vec<Integers> mass;

  HWY_INLINE Tally() : largest(hn::Zero(Doubles())), mass(hn::Zero(Integers())) {}

  HWY_INLINE void add(hn::Vec<Doubles> distance, hn::Vec<Doubles> factor) {
    largest = hn::Max(largest, distance);
    mass = hn::Add(mass, masses_at(distance, factor));
  }

  HWY_INLINE BlockMass total() const {
    HWY_ALIGN double distances[tile_rows];
    HWY_ALIGN int64_t masses[tile_rows];
    hn::Store(largest, Doubles(), distances);
    hn::Store(mass, Integers(), masses);
    BlockMass sum;
    for (size_t i = 0; i < hn::Lanes(Doubles()); ++i) {
      sum.largest = distances[i] > sum.largest ? distances[i] : sum.largest;
      sum.mass += masses[i];
    }
    return sum;
  }
};

template <class T>
HWY_INLINE BlockMass lower_impl(const MassBlock<T>& block, const double* point) {
  const Doubles tag;
  const auto factor = hn::Set(tag, block.factor);
  Tally tally;
  for (int64_t t = 0; t < block.tiles; ++t)
    for (int lane = 0; lane < tile_rows; lane += static_cast<int>(hn::Lanes(tag))) {
      const T* column = block.values + t * tile_rows * block.features + lane;
      double* distances = block.distances + t * tile_rows + lane;
      auto acc = hn::Zero(tag);
      for (int f = 0; f < block.features; ++f) {
        const auto difference = hn::Sub(load_doubles(tag, column + f * tile_rows), hn::Set(tag, point[f]));
        acc = fused(difference, difference, acc);
      }
      const auto least = hn::Min(acc, hn::Load(tag, distances));
      hn::Store(least, tag, distances);
      tally.add(least, factor);
    }
  return tally.total();
}

template <class T>
HWY_INLINE BlockMass winners_impl(const MassBlock<T>& block, const Centroids& points, const int32_t* winners,
                                  int32_t first_number, int32_t* numbers) {
  const Doubles tag;
  const Integers wide;
  const hn::Rebind<int32_t, Doubles> narrow;
  const auto factor = hn::Set(tag, block.factor);
  Tally tally;
  for (int64_t t = 0; t < block.tiles; ++t)
    for (int lane = 0; lane < tile_rows; lane += static_cast<int>(hn::Lanes(tag))) {
      const T* column = block.values + t * tile_rows * block.features + lane;
      const int64_t at = t * tile_rows + lane;
      // A padded customer's winner may be -1: any point will do for it.
      const auto winner = hn::Max(hn::LoadU(narrow, winners + at), hn::Zero(narrow));
      const auto row = hn::PromoteTo(wide, hn::Mul(winner, hn::Set(narrow, points.features)));
      auto acc = hn::Zero(tag);
      for (int f = 0; f < block.features; ++f) {
        const auto difference =
            hn::Sub(load_doubles(tag, column + f * tile_rows), hn::GatherIndex(tag, points.values.data() + f, row));
        acc = fused(difference, difference, acc);
      }
      const auto before = hn::Load(tag, block.distances + at);
      // Strictly less: of equal distances the lower number, which came first, stays.
      const auto is_less = hn::Lt(acc, before);
      const auto least = hn::IfThenElse(is_less, acc, before);
      hn::Store(least, tag, block.distances + at);
      const auto number = hn::PromoteTo(tag, hn::Add(winner, hn::Set(narrow, first_number)));
      const auto old = hn::PromoteTo(tag, hn::LoadU(narrow, numbers + at));
      hn::StoreU(hn::DemoteTo(narrow, hn::IfThenElse(is_less, number, old)), narrow, numbers + at);
      tally.add(least, factor);
    }
  return tally.total();
}

// The masses of 16 customers if point j, ..., j + Count - 1 were added, each added to its lanes.
template <int Count, class T>
HWY_INLINE void add_tile_masses(const T* tile, const double* distances, const double* points, int features,
                                hn::Vec<Doubles> factor, int64_t* lanes) {
  const Doubles tag;
  const Integers integers;
  for (int lane = 0; lane < tile_rows; lane += static_cast<int>(hn::Lanes(tag))) {
    hn::Vec<Doubles> acc[Count];
    for (int c = 0; c < Count; ++c) acc[c] = hn::Zero(tag);
    for (int f = 0; f < features; ++f) {
      const auto x = load_doubles(tag, tile + lane + f * tile_rows);
      for (int c = 0; c < Count; ++c) {
        const auto difference = hn::Sub(x, hn::Set(tag, points[c * static_cast<ptrdiff_t>(features) + f]));
        acc[c] = fused(difference, difference, acc[c]);
      }
    }
    const auto before = hn::Load(tag, distances + lane);
    for (int c = 0; c < Count; ++c) {
      int64_t* sum = lanes + c * tile_rows;
      hn::StoreU(hn::Add(hn::LoadU(integers, sum), masses_at(hn::Min(acc[c], before), factor)), integers, sum);
    }
  }
}

template <class T>
HWY_INLINE void masses_with_impl(const MassBlock<T>& block, const Centroids& points, int64_t* masses) {
  const auto factor = hn::Set(Doubles(), block.factor);
  std::vector<int64_t> lanes(static_cast<size_t>(points.segments) * tile_rows);
  for (int64_t t = 0; t < block.tiles; ++t) {
    const T* tile = block.values + t * tile_rows * block.features;
    const double* distances = block.distances + t * tile_rows;
    int j = 0;
    for (; j + 4 <= points.segments; j += 4)
      add_tile_masses<4>(tile, distances, points.row(j), block.features, factor, lanes.data() + j * tile_rows);
    for (; j + 2 <= points.segments; j += 2)
      add_tile_masses<2>(tile, distances, points.row(j), block.features, factor, lanes.data() + j * tile_rows);
    for (; j < points.segments; ++j)
      add_tile_masses<1>(tile, distances, points.row(j), block.features, factor, lanes.data() + j * tile_rows);
  }
  for (size_t i = 0; i < lanes.size(); ++i) masses[i / tile_rows] += lanes[i];
}

BlockMass LowerFloat(const MassBlock<float>& block, const double* point) { return lower_impl(block, point); }
BlockMass LowerDouble(const MassBlock<double>& block, const double* point) { return lower_impl(block, point); }
BlockMass WinnersFloat(const MassBlock<float>& block, const Centroids& points, const int32_t* winners,
                       int32_t first_number, int32_t* numbers) {
  return winners_impl(block, points, winners, first_number, numbers);
}
BlockMass WinnersDouble(const MassBlock<double>& block, const Centroids& points, const int32_t* winners,
                        int32_t first_number, int32_t* numbers) {
  return winners_impl(block, points, winners, first_number, numbers);
}
void MassesWithFloat(const MassBlock<float>& block, const Centroids& points, int64_t* masses) {
  masses_with_impl(block, points, masses);
}
void MassesWithDouble(const MassBlock<double>& block, const Centroids& points, int64_t* masses) {
  masses_with_impl(block, points, masses);
}

#if HWY_TARGET == HWY_SCALAR  // one lane holds no two words
void DrawForRows(const core::RowRandom& random, uint32_t draw, int64_t first_row, int64_t tiles, uint64_t* bits) {
  for (int64_t i = 0; i < tiles * tile_rows; ++i) bits[i] = random.bits(first_row + i, draw);
}
#else
// core::philox4x32_10, lanes are rows: a 32-bit word in the lower half of each 64-bit lane, anything in the upper half.
void DrawForRows(const core::RowRandom& random, uint32_t draw, int64_t first_row, int64_t tiles, uint64_t* bits) {
  const hn::CappedTag<uint64_t, tile_rows> tag;
  const hn::Repartition<uint32_t, decltype(tag)> words;
  const auto multiplied = [&](auto word, uint32_t by)
                              HWY_ATTR { return hn::MulEven(hn::BitCast(words, word), hn::Set(words, by)); };
  const core::PhiloxCounter start = random.counter(0, draw / 2);
  for (int64_t i = 0; i < tiles * tile_rows; i += static_cast<int64_t>(hn::Lanes(tag))) {
    const auto row = hn::Iota(tag, static_cast<uint64_t>(first_row + i));
    auto word_0 = row;
    auto word_1 = hn::Or(hn::ShiftRight<32>(row), hn::Set(tag, start[1]));
    auto word_2 = hn::Set(tag, start[2]);
    auto word_3 = hn::Set(tag, start[3]);
    core::PhiloxKey key = random.key();
    for (int round = 0; round < 10; ++round) {
      const auto product_0 = multiplied(word_0, 0xD2511F53u);
      const auto product_1 = multiplied(word_2, 0xCD9E8D57u);
      word_0 = hn::Xor(hn::ShiftRight<32>(product_1), hn::Xor(word_1, hn::Set(tag, key[0])));
      word_1 = product_1;
      word_2 = hn::Xor(hn::ShiftRight<32>(product_0), hn::Xor(word_3, hn::Set(tag, key[1])));
      word_3 = product_0;
      key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};
    }
    const auto low = draw % 2 == 0 ? word_0 : word_2;
    const auto high = draw % 2 == 0 ? word_1 : word_3;
    hn::StoreU(hn::Or(hn::ShiftLeft<32>(high), hn::And(low, hn::Set(tag, 0xFFFFFFFFu))), tag, bits + i);
  }
}
#endif

int64_t SumMasses(const double* distances, int64_t tiles, double factor) {
  const Doubles tag;
  Tally tally;
  for (int64_t i = 0; i < tiles * tile_rows; i += static_cast<int64_t>(hn::Lanes(tag)))
    tally.add(hn::Load(tag, distances + i), hn::Set(tag, factor));
  return tally.total().mass;
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(LowerFloat);
HWY_EXPORT(LowerDouble);
HWY_EXPORT(WinnersFloat);
HWY_EXPORT(WinnersDouble);
HWY_EXPORT(MassesWithFloat);
HWY_EXPORT(MassesWithDouble);
HWY_EXPORT(DrawForRows);
HWY_EXPORT(SumMasses);

template <>
BlockMass lower_distances<float>(const MassBlock<float>& block, const double* point) {
  return HWY_DYNAMIC_DISPATCH(LowerFloat)(block, point);
}

template <>
BlockMass lower_distances<double>(const MassBlock<double>& block, const double* point) {
  return HWY_DYNAMIC_DISPATCH(LowerDouble)(block, point);
}

template <>
BlockMass lower_to_winners<float>(const MassBlock<float>& block, const Centroids& points, const std::int32_t* winners,
                                  std::int32_t first_number, std::int32_t* numbers) {
  return HWY_DYNAMIC_DISPATCH(WinnersFloat)(block, points, winners, first_number, numbers);
}

template <>
BlockMass lower_to_winners<double>(const MassBlock<double>& block, const Centroids& points, const std::int32_t* winners,
                                   std::int32_t first_number, std::int32_t* numbers) {
  return HWY_DYNAMIC_DISPATCH(WinnersDouble)(block, points, winners, first_number, numbers);
}

template <>
void add_masses_with<float>(const MassBlock<float>& block, const Centroids& points, std::int64_t* masses) {
  HWY_DYNAMIC_DISPATCH(MassesWithFloat)(block, points, masses);
}

template <>
void add_masses_with<double>(const MassBlock<double>& block, const Centroids& points, std::int64_t* masses) {
  HWY_DYNAMIC_DISPATCH(MassesWithDouble)(block, points, masses);
}

void draw_for_rows(const core::RowRandom& random, std::uint32_t draw, std::int64_t first_row, std::int64_t tiles,
                   std::uint64_t* bits) {
  HWY_DYNAMIC_DISPATCH(DrawForRows)(random, draw, first_row, tiles, bits);
}

std::int64_t sum_masses(const double* distances, std::int64_t tiles, double factor) {
  return HWY_DYNAMIC_DISPATCH(SumMasses)(distances, tiles, factor);
}

}  // namespace cardseg::cluster
#endif
