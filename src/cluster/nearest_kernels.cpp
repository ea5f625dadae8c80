// The vector kernels behind nearest.hpp, compiled for every instruction set that Highway dispatches to.
//
// Lanes are customers, so each lane runs the same scalar recurrence and the vector width cannot change a bit.
#include <cmath>

#include "cardseg/cluster/nearest.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/nearest_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/doubles_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

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

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(NearestFloat);
HWY_EXPORT(NearestDouble);
HWY_EXPORT(LeastFloat);
HWY_EXPORT(LeastDouble);

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

}  // namespace cardseg::cluster
#endif
