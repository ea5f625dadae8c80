// The vector kernels behind screen.hpp, compiled for every instruction set that Highway dispatches to.
//
// Lanes are customers. Four tiles against four centroids at once where there are 32 registers, two vectors where there are
// 16; centroids are broadcast from memory, best and second best stay in registers or next to them.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/screen.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/screen_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int tile_rows = 16;

using Floats = hn::CappedTag<float, 16>;
using V = hn::Vec<Floats>;

#if HWY_CAP_GE512
constexpr int vectors = 4;
#else
constexpr int vectors = 2;
#endif
constexpr int block = 4;

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

// What is known of `vectors` vectors of customers.
struct Ranking {
  V best[vectors];
  V second[vectors];
  V index[vectors];
  V norm[vectors];  // |x|^2
};

// Customers at begin[v], features 16 apart, against Count candidates.
// `fetched`: how many of the vectors of the next call are fetched meanwhile.
template <class Form, int Count, bool is_first, int fetched>
HWY_INLINE void offer(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                      const int32_t* candidates, Ranking& ranking) {
  const Floats tag;
  const int features = centroids.features;
  const float* rows[Count];
  V sums[Count][vectors];
  for (int c = 0; c < Count; ++c) {
    rows[c] = centroids.values.data() + static_cast<ptrdiff_t>(candidates[c]) * features;
    for (int v = 0; v < vectors; ++v)
      sums[c][v] = Form::begin(centroids.half_norms[static_cast<size_t>(candidates[c])]);
  }
  V norm[vectors];
  if constexpr (is_first)
    for (int v = 0; v < vectors; ++v) norm[v] = hn::Zero(tag);
  for (int f = 0; f < features; ++f) {
    V x[vectors];
    for (int v = 0; v < vectors; ++v) x[v] = hn::Load(tag, begin[v] + f * tile_rows);
    for (int v = 0; v < fetched; ++v) hwy::Prefetch(next[v] + f * tile_rows);
    if constexpr (is_first)
      for (int v = 0; v < vectors; ++v) norm[v] = hn::MulAdd(x[v], x[v], norm[v]);
    for (int c = 0; c < Count; ++c) {
      const V centroid = hn::Set(tag, rows[c][f]);
      for (int v = 0; v < vectors; ++v) sums[c][v] = Form::add(x[v], centroid, sums[c][v]);
    }
  }
  if constexpr (is_first)
    for (int v = 0; v < vectors; ++v) ranking.norm[v] = norm[v];
  for (int c = 0; c < Count; ++c) {
    const V number = hn::Set(tag, static_cast<float>(candidates[c]));
    for (int v = 0; v < vectors; ++v) {
      const auto is_better = hn::Lt(sums[c][v], ranking.best[v]);
      ranking.second[v] = hn::Min(ranking.second[v], hn::Max(ranking.best[v], sums[c][v]));
      ranking.index[v] = hn::IfThenElse(is_better, number, ranking.index[v]);
      ranking.best[v] = hn::Min(ranking.best[v], sums[c][v]);
    }
  }
}

template <class Form, bool is_first, int fetched>
HWY_INLINE void offer_last(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                           const int32_t* candidates, int count, Ranking& ranking) {
  if (count == 1) offer<Form, 1, is_first, fetched>(begin, next, centroids, candidates, ranking);
  if (count == 2) offer<Form, 2, is_first, fetched>(begin, next, centroids, candidates, ranking);
  if (count == 3) offer<Form, 3, is_first, fetched>(begin, next, centroids, candidates, ranking);
}

// The next call's customers are fetched evenly over the blocks of this one: memory works all the time.
template <class Form>
HWY_INLINE void rank(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                     const ScreenTask& task, Ranking& ranking) {
  const Floats tag;
  for (int v = 0; v < vectors; ++v) {
    ranking.best[v] = ranking.second[v] = hn::Set(tag, HUGE_VALF);
    ranking.index[v] = ranking.norm[v] = hn::Zero(tag);
  }
  const int32_t* candidates = task.candidates;
  const int count = task.count;
  int j = block;
  if (count < block) {
    offer_last<Form, true, vectors>(begin, next, centroids, candidates, count, ranking);
    return;
  }
  if (count < 2 * block) {
    offer<Form, block, true, vectors>(begin, next, centroids, candidates, ranking);
  } else if (count < vectors * block) {
    offer<Form, block, true, vectors / 2>(begin, next, centroids, candidates, ranking);
    offer<Form, block, false, vectors / 2>(begin, next + vectors / 2, centroids, candidates + j, ranking);
    j += block;
  } else {
    offer<Form, block, true, 1>(begin, next, centroids, candidates, ranking);
    for (int v = 1; v < vectors; ++v, j += block)
      offer<Form, block, false, 1>(begin, next + v, centroids, candidates + j, ranking);
  }
  for (; j + block <= count; j += block) offer<Form, block, false, 0>(begin, next, centroids, candidates + j, ranking);
  offer_last<Form, false, 0>(begin, next, centroids, candidates + j, count - j, ranking);
}

HWY_INLINE void store_winner(const Ranking& ranking, int v, hn::Mask<Floats> is_settled, int32_t* winner) {
  const Floats tag;
  const hn::RebindToSigned<Floats> int_tag;
  const V number = hn::IfThenElse(is_settled, ranking.index[v], hn::Set(tag, -1.0f));
  hn::Store(hn::ConvertTo(int_tag, number), int_tag, winner);
}

// reach >= distance to the nearest; slack <= distance to the second minus that. `low` and `high` bound the two distances.
HWY_INLINE void store_distances(V low, V high, hn::Mask<Floats> is_settled, float* slack, float* reach) {
  const Floats tag;
  const V four_u = hn::Set(tag, 0x1p-22f);
  const V one = hn::Set(tag, 1.0f);
  const V farther = hn::Mul(low, hn::Sub(one, four_u));
  const V nearer = hn::Mul(high, hn::Add(one, four_u));
  const V gap = hn::Mul(hn::Sub(farther, nearer), hn::Sub(one, four_u));
  // Of an unsettled customer nothing is known; a NaN, from numbers that overflowed, becomes 0.
  const auto is_known = hn::And(is_settled, hn::Gt(gap, hn::Zero(tag)));
  hn::Store(hn::IfThenElseZero(is_known, gap), tag, slack);
  hn::Store(hn::IfThenElse(hn::Le(nearer, hn::Set(tag, FLT_MAX)), nearer, hn::Set(tag, HUGE_VALF)), tag, reach);
}

template <bool wants_distances>
HWY_INLINE void answer_products(const ScreenCentroids& centroids, const Ranking& ranking, const int* row,
                                ScreenAnswer& answer) {
  const Floats tag;
  for (int v = 0; v < vectors; ++v) {
    const V limit = hn::MulAdd(hn::Set(tag, centroids.relative), ranking.norm[v], hn::Set(tag, centroids.absolute));
    const auto is_sound = hn::Lt(ranking.norm[v], hn::Set(tag, centroids.overflow));
    const auto is_settled = hn::And(is_sound, hn::Gt(hn::Sub(ranking.second[v], ranking.best[v]), limit));
    store_winner(ranking, v, is_settled, answer.winner + row[v]);
    if constexpr (wants_distances) {
      // |x - c|^2 = |x|^2 + 2 s, off by at most (d + 2) u |x|^2 + 2 E <= 2 limit; a third for what is rounded here
      const V margin = hn::Mul(limit, hn::Set(tag, 3.0f));
      const V two = hn::Set(tag, 2.0f);
      const V zero = hn::Zero(tag);
      const V second = hn::Min(hn::MulAdd(two, ranking.second[v], ranking.norm[v]), hn::Set(tag, FLT_MAX));
      const V first = hn::MulAdd(two, ranking.best[v], ranking.norm[v]);
      const V low = hn::Sqrt(hn::Max(hn::Sub(second, margin), zero));
      const V high = hn::Sqrt(hn::Max(hn::Add(first, margin), zero));
      const V reach = hn::IfThenElse(is_sound, high, hn::Set(tag, HUGE_VALF));
      store_distances(low, reach, is_settled, answer.slack + row[v], answer.reach + row[v]);
    }
  }
}

template <bool wants_distances>
HWY_INLINE void answer_differences(const ScreenCentroids& centroids, const Ranking& ranking, const int* row,
                                   ScreenAnswer& answer) {
  const Floats tag;
  const V upper = hn::Set(tag, 1.0f + centroids.relative);
  const V lower = hn::Set(tag, 1.0f - centroids.relative);
  const V gap = hn::Set(tag, centroids.absolute);
  for (int v = 0; v < vectors; ++v) {
    const V farther = hn::Mul(hn::Sqrt(hn::Min(ranking.second[v], hn::Set(tag, FLT_MAX))), lower);
    const V nearer = hn::Mul(hn::Sqrt(ranking.best[v]), upper);
    const auto is_settled = hn::Gt(hn::Sub(farther, nearer), gap);
    store_winner(ranking, v, is_settled, answer.winner + row[v]);
    if constexpr (wants_distances)
      store_distances(hn::Sub(farther, gap), hn::Add(nearer, gap), is_settled, answer.slack + row[v],
                      answer.reach + row[v]);
  }
}

template <class Form, bool wants_distances>
HWY_INLINE void screen_impl(const ScreenCentroids& centroids, const ScreenTask& task, ScreenAnswer& answer) {
  const int lanes = static_cast<int>(hn::Lanes(Floats()));
  for (int first = 0; first < screen_rows; first += vectors * lanes) {
    const float* begin[vectors];
    const float* next[vectors];
    int row[vectors];
    for (int v = 0; v < vectors; ++v) {
      row[v] = first + v * lanes;
      begin[v] = task.tiles[row[v] / tile_rows] + row[v] % tile_rows;
      next[v] = task.next[row[v] / tile_rows] + row[v] % tile_rows;
    }
    Ranking ranking;
    rank<Form>(begin, next, centroids, task, ranking);
    if constexpr (std::is_same_v<Form, Products>)
      answer_products<wants_distances>(centroids, ranking, row, answer);
    else
      answer_differences<wants_distances>(centroids, ranking, row, answer);
  }
}

void Screen(const ScreenCentroids& centroids, const ScreenTask& task, bool wants_distances, ScreenAnswer& answer) {
  if (centroids.form == ScreenForm::products) {
    if (wants_distances)
      screen_impl<Products, true>(centroids, task, answer);
    else
      screen_impl<Products, false>(centroids, task, answer);
  } else {
    if (wants_distances)
      screen_impl<Differences, true>(centroids, task, answer);
    else
      screen_impl<Differences, false>(centroids, task, answer);
  }
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {
namespace {

float rounded_up(double x) {
  const auto near = static_cast<float>(x);
  return static_cast<double>(near) >= x ? near : std::nextafter(near, std::numeric_limits<float>::infinity());
}

void set_product_bounds(double largest, ScreenCentroids& screen) {
  const int d = screen.features;
  const double relative = (d + 8) * 0x1p-24 * (1 + 0x1p-9);
  const double squared = largest * largest;
  screen.relative = rounded_up(relative);
  screen.absolute = rounded_up((2 * squared * relative + 0x1p-130) * (1 + 0x1p-20));
  screen.overflow = squared < 0x1p118 ? 0x1p118f : 0.0f;
}

void set_difference_bounds(double largest, ScreenCentroids& screen) {
  const int d = screen.features;
  const double e = 0x1p-24 * largest * (1 + 0x1p-10) + 2 * std::sqrt(d) * 0x1p-74;
  screen.relative = static_cast<float>((d + 8) * 0x1p-24);
  screen.absolute = std::nextafter(static_cast<float>(2 * e), std::numeric_limits<float>::infinity());
}

}  // namespace

HWY_EXPORT(Screen);

ScreenCentroids make_screen(const Centroids& centroids, ScreenForm form) {
  ScreenCentroids screen;
  screen.form = form;
  screen.segments = centroids.segments;
  screen.features = centroids.features;
  double largest = 0.0;
  const std::vector<double> origin(static_cast<std::size_t>(centroids.features));
  for (int j = 0; j < centroids.segments; ++j) {
    const double squared = squared_distance(centroids.row(j), origin.data(), centroids.features);
    largest = std::max(largest, std::sqrt(squared));
    screen.half_norms.push_back(static_cast<float>(squared / 2));
  }
  for (double value : centroids.values) screen.values.push_back(static_cast<float>(value));
  if (form == ScreenForm::products)
    set_product_bounds(largest, screen);
  else
    set_difference_bounds(largest, screen);
  return screen;
}

void screen(const ScreenCentroids& centroids, const ScreenTask& task, bool wants_distances, ScreenAnswer& answer) {
  HWY_DYNAMIC_DISPATCH(Screen)(centroids, task, wants_distances, answer);
}

}  // namespace cardseg::cluster
#endif
