// The vector kernels behind nearest.hpp and screen.hpp, compiled for every instruction set that Highway dispatches to.
//
// Lanes are customers, so each lane runs the same scalar recurrence and the vector width cannot change a bit.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/screen.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int tile_rows = 16;

using Doubles = hn::CappedTag<double, 16>;
using Floats = hn::CappedTag<float, 16>;

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

// Best and second best so far of one vector of customers; segment numbers are kept as doubles, which is exact.
struct Ranking {
  hn::Vec<Doubles> first_distance, second_distance, first, second;

  explicit Ranking(Doubles tag)
      : first_distance(hn::Set(tag, HUGE_VAL)),
        second_distance(hn::Set(tag, HUGE_VAL)),
        first(hn::Set(tag, -1.0)),
        second(hn::Set(tag, -1.0)) {}

  // Strict comparisons: of equal distances the lower segment, which came first, stays.
  HWY_INLINE void offer(hn::Vec<Doubles> distance, hn::Vec<Doubles> segment) {
    const auto beats_first = hn::Lt(distance, first_distance);
    const auto beats_second = hn::Lt(distance, second_distance);
    second_distance =
        hn::IfThenElse(beats_first, first_distance, hn::IfThenElse(beats_second, distance, second_distance));
    second = hn::IfThenElse(beats_first, first, hn::IfThenElse(beats_second, segment, second));
    first_distance = hn::IfThenElse(beats_first, distance, first_distance);
    first = hn::IfThenElse(beats_first, segment, first);
  }
};

// acc[c] = D(customers at `column`, centroid j + c) for Count centroids at once.
template <int Count, class T>
HWY_INLINE void offer_block(const T* column, const double* centroids, int features, int j, Ranking& ranking) {
  const Doubles tag;
  hn::Vec<Doubles> acc[Count];
  for (int c = 0; c < Count; ++c) acc[c] = hn::Zero(tag);
  for (int f = 0; f < features; ++f) {
    const auto x = load_doubles(tag, column + f * tile_rows);
    for (int c = 0; c < Count; ++c) {
      const auto difference = hn::Sub(x, hn::Set(tag, centroids[(j + c) * static_cast<ptrdiff_t>(features) + f]));
      acc[c] = fused(difference, difference, acc[c]);
    }
  }
  for (int c = 0; c < Count; ++c) ranking.offer(acc[c], hn::Set(tag, j + c));
}

template <class T>
HWY_INLINE void nearest_impl(const T* tile, const Centroids& centroids, NearestTile& answer) {
  const Doubles tag;
  const hn::Rebind<int32_t, Doubles> narrow;
  for (int lane = 0; lane < tile_rows; lane += static_cast<int>(hn::Lanes(tag))) {
    Ranking ranking(tag);
    int j = 0;
    for (; j + 4 <= centroids.segments; j += 4)
      offer_block<4>(tile + lane, centroids.values.data(), centroids.features, j, ranking);
    for (; j < centroids.segments; ++j)
      offer_block<1>(tile + lane, centroids.values.data(), centroids.features, j, ranking);
    hn::Store(ranking.first_distance, tag, answer.first_distance + lane);
    hn::Store(ranking.second_distance, tag, answer.second_distance + lane);
    hn::Store(hn::DemoteTo(narrow, ranking.first), narrow, answer.first + lane);
    hn::Store(hn::DemoteTo(narrow, ranking.second), narrow, answer.second + lane);
  }
}

template <class T>
HWY_INLINE void least_impl(const T* tile, const double* point, int features, double* distances) {
  const Doubles tag;
  for (int lane = 0; lane < tile_rows; lane += static_cast<int>(hn::Lanes(tag))) {
    auto acc = hn::Zero(tag);
    for (int f = 0; f < features; ++f) {
      const auto difference = hn::Sub(load_doubles(tag, tile + lane + f * tile_rows), hn::Set(tag, point[f]));
      acc = fused(difference, difference, acc);
    }
    hn::StoreU(hn::Min(acc, hn::LoadU(tag, distances + lane)), tag, distances + lane);
  }
}

void NearestFloat(const float* tile, const Centroids& centroids, NearestTile& answer) {
  nearest_impl(tile, centroids, answer);
}
void NearestDouble(const double* tile, const Centroids& centroids, NearestTile& answer) {
  nearest_impl(tile, centroids, answer);
}
void LeastFloat(const float* tile, const double* point, int features, double* distances) {
  least_impl(tile, point, features, distances);
}
void LeastDouble(const double* tile, const double* point, int features, double* distances) {
  least_impl(tile, point, features, distances);
}

// Vectors of customers and centroids held in registers at once: 16 accumulators where there are 32 registers, else 8.
#if HWY_CAP_GE512
constexpr int screen_vectors = 4;
#else
constexpr int screen_vectors = 2;
#endif
constexpr int block = 4;

// Winners of screen_vectors * lanes customers. offsets[v]: where vector v of feature 0 begins; features are 16 apart.
HWY_INLINE void screen_vectors_at(const float* const* begin, const ScreenCentroids& centroids, int32_t* winners,
                                  const int* out, ptrdiff_t next) {
  const Floats tag;
  const hn::RebindToSigned<Floats> int_tag;
  using V = hn::Vec<Floats>;
  V best[screen_vectors];
  V second[screen_vectors];
  V index[screen_vectors];
  for (int v = 0; v < screen_vectors; ++v) {
    best[v] = hn::Set(tag, HUGE_VALF);
    second[v] = best[v];
    index[v] = hn::Zero(tag);
  }
  const int features = centroids.features;
  const float* values = centroids.values.data();
  for (int j = 0; j < centroids.segments; j += block, values += static_cast<ptrdiff_t>(block) * features) {
    V acc[block][screen_vectors];
    for (int c = 0; c < block; ++c)
      for (int v = 0; v < screen_vectors; ++v) acc[c][v] = hn::Zero(tag);
    for (int f = 0; f < features; ++f) {
      V x[screen_vectors];
      for (int v = 0; v < screen_vectors; ++v) x[v] = hn::Load(tag, begin[v] + f * tile_rows);
      if (j == 0)  // the next customers come from memory while these are worked on
        for (int v = 0; v < screen_vectors; ++v) hwy::Prefetch(begin[v] + next + f * tile_rows);
      for (int c = 0; c < block; ++c) {
        const V centroid = hn::Set(tag, values[f * block + c]);
        for (int v = 0; v < screen_vectors; ++v) {
          const V difference = hn::Sub(x[v], centroid);
          acc[c][v] = hn::MulAdd(difference, difference, acc[c][v]);
        }
      }
    }
    const int real = std::min(block, centroids.segments - j);
    for (int c = 0; c < real; ++c) {
      const V number = hn::Set(tag, static_cast<float>(j + c));
      for (int v = 0; v < screen_vectors; ++v) {
        const auto is_better = hn::Lt(acc[c][v], best[v]);
        second[v] = hn::Min(second[v], hn::Max(best[v], acc[c][v]));
        index[v] = hn::IfThenElse(is_better, number, index[v]);
        best[v] = hn::Min(best[v], acc[c][v]);
      }
    }
  }
  const V upper = hn::Set(tag, 1.0f + centroids.relative);
  const V lower = hn::Set(tag, 1.0f - centroids.relative);
  const V gap = hn::Set(tag, centroids.absolute);
  for (int v = 0; v < screen_vectors; ++v) {
    const V farther = hn::Mul(hn::Sqrt(hn::Min(second[v], hn::Set(tag, FLT_MAX))), lower);
    const V nearer = hn::Mul(hn::Sqrt(best[v]), upper);
    const auto is_settled = hn::Gt(hn::Sub(farther, nearer), gap);
    const V winner = hn::IfThenElse(is_settled, index[v], hn::Set(tag, -1.0f));
    hn::StoreU(hn::ConvertTo(int_tag, winner), int_tag, winners + out[v]);
  }
}

void ScreenTiles(const float* tiles, int64_t groups, const ScreenCentroids& centroids, int32_t* winners) {
  const Floats tag;
  const int lanes = static_cast<int>(hn::Lanes(tag));
  constexpr int group_rows = 4 * tile_rows;
  const ptrdiff_t tile_size = static_cast<ptrdiff_t>(tile_rows) * centroids.features;
  for (int64_t g = 0; g < groups; ++g) {
    const float* group = tiles + g * 4 * tile_size;
    for (int row = 0; row < group_rows; row += screen_vectors * lanes) {
      const float* begin[screen_vectors];
      int out[screen_vectors];
      for (int v = 0; v < screen_vectors; ++v) {
        out[v] = row + v * lanes;
        begin[v] = group + out[v] / tile_rows * tile_size + out[v] % tile_rows;
      }
      screen_vectors_at(begin, centroids, winners + g * group_rows, out,
                        screen_vectors * lanes / tile_rows * tile_size);
    }
  }
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(NearestFloat);
HWY_EXPORT(NearestDouble);
HWY_EXPORT(LeastFloat);
HWY_EXPORT(LeastDouble);
HWY_EXPORT(ScreenTiles);

template <>
void find_nearest<float>(const float* tile, const Centroids& centroids, NearestTile& answer) {
  HWY_DYNAMIC_DISPATCH(NearestFloat)(tile, centroids, answer);
}

template <>
void find_nearest<double>(const double* tile, const Centroids& centroids, NearestTile& answer) {
  HWY_DYNAMIC_DISPATCH(NearestDouble)(tile, centroids, answer);
}

template <>
void update_least_distance<float>(const float* tile, const double* point, int features, double* distances) {
  HWY_DYNAMIC_DISPATCH(LeastFloat)(tile, point, features, distances);
}

template <>
void update_least_distance<double>(const double* tile, const double* point, int features, double* distances) {
  HWY_DYNAMIC_DISPATCH(LeastDouble)(tile, point, features, distances);
}

double squared_distance(const double* a, const double* b, int features) {
  double sum = 0.0;
  for (int f = 0; f < features; ++f) sum = std::fma(a[f] - b[f], a[f] - b[f], sum);
  return sum;
}

ScreenCentroids make_screen(const Centroids& centroids) {
  const int k = centroids.segments;
  const int d = centroids.features;
  ScreenCentroids screen{
      k, d, std::vector<float>(static_cast<std::size_t>((k + 3) / 4 * 4) * static_cast<std::size_t>(d)), 0.0f, 0.0f};
  double largest = 0.0;
  const std::vector<double> origin(static_cast<std::size_t>(d));
  for (int j = 0; j < k; ++j) {
    largest = std::max(largest, std::sqrt(squared_distance(centroids.row(j), origin.data(), d)));
    for (int f = 0; f < d; ++f)
      screen.values[static_cast<std::size_t>(j / 4 * 4 * d + f * 4 + j % 4)] = static_cast<float>(centroids.row(j)[f]);
  }
  const double e = 0x1p-24 * largest * (1 + 0x1p-10) + 2 * std::sqrt(d) * 0x1p-74;
  screen.relative = static_cast<float>((d + 8) * 0x1p-24);
  screen.absolute = std::nextafter(static_cast<float>(2 * e), std::numeric_limits<float>::infinity());
  return screen;
}

void screen_tiles(const float* tiles, std::int64_t groups, const ScreenCentroids& centroids, std::int32_t* winners) {
  HWY_DYNAMIC_DISPATCH(ScreenTiles)(tiles, groups, centroids, winners);
}

}  // namespace cardseg::cluster
#endif
