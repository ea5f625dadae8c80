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
// `fetched`: how many of the vectors of the next call are fetched meanwhile. `scores`: null, or where candidates[c]'s score
// of vector v goes: scores[c * screen_rows + v * lanes].
template <class Form, int Count, bool is_first, int fetched>
HWY_INLINE void offer(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                      const int32_t* candidates, Ranking& ranking, float* scores) {
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
    for (int v = 0; v < fetched; ++v) __builtin_prefetch(next[v] + f * tile_rows, 0, 2);  // into the second level
    if constexpr (is_first)
      for (int v = 0; v < vectors; ++v) norm[v] = hn::MulAdd(x[v], x[v], norm[v]);
    for (int c = 0; c < Count; ++c) {
      const V centroid = hn::Set(tag, rows[c][f]);
      for (int v = 0; v < vectors; ++v) sums[c][v] = Form::add(x[v], centroid, sums[c][v]);
    }
  }
  if constexpr (is_first)
    for (int v = 0; v < vectors; ++v) ranking.norm[v] = norm[v];
  if (scores)
    for (int c = 0; c < Count; ++c)
      for (int v = 0; v < vectors; ++v)
        hn::Store(sums[c][v], tag, scores + c * screen_rows + v * static_cast<int>(hn::Lanes(tag)));
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
                           const int32_t* candidates, int count, Ranking& ranking, float* scores) {
  if (count == 1) offer<Form, 1, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
  if (count == 2) offer<Form, 2, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
  if (count == 3) offer<Form, 3, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
}

// The next call's customers are fetched evenly over the blocks of this one: memory works all the time.
template <class Form>
HWY_INLINE void rank(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                     const ScreenTask& task, Ranking& ranking, float* scores) {
  const Floats tag;
  const auto at = [scores](int j) { return scores ? scores + static_cast<ptrdiff_t>(j) * screen_rows : nullptr; };
  for (int v = 0; v < vectors; ++v) {
    ranking.best[v] = ranking.second[v] = hn::Set(tag, HUGE_VALF);
    ranking.index[v] = ranking.norm[v] = hn::Zero(tag);
  }
  const int32_t* candidates = task.candidates;
  const int count = task.count;
  int j = block;
  if (count < block) {
    offer_last<Form, true, vectors>(begin, next, centroids, candidates, count, ranking, scores);
    return;
  }
  if (count < 2 * block) {
    offer<Form, block, true, vectors>(begin, next, centroids, candidates, ranking, scores);
  } else if (count < vectors * block) {
    offer<Form, block, true, vectors / 2>(begin, next, centroids, candidates, ranking, scores);
    offer<Form, block, false, vectors / 2>(begin, next + vectors / 2, centroids, candidates + j, ranking, at(j));
    j += block;
  } else {
    offer<Form, block, true, 1>(begin, next, centroids, candidates, ranking, scores);
    for (int v = 1; v < vectors; ++v, j += block)
      offer<Form, block, false, 1>(begin, next + v, centroids, candidates + j, ranking, at(j));
  }
  for (; j + block <= count; j += block)
    offer<Form, block, false, 0>(begin, next, centroids, candidates + j, ranking, at(j));
  offer_last<Form, false, 0>(begin, next, centroids, candidates + j, count - j, ranking, at(j));
}

HWY_INLINE void store_winner(const Ranking& ranking, int v, hn::Mask<Floats> is_settled, int32_t* winner) {
  const Floats tag;
  const hn::RebindToSigned<Floats> int_tag;
  const V number = hn::IfThenElse(is_settled, ranking.index[v], hn::Set(tag, -1.0f));
  hn::Store(hn::ConvertTo(int_tag, number), int_tag, winner);
}

constexpr float four_u = 0x1p-22f;

// A root, and what it has to be multiplied by to be less than the true one by a part of 2^-22 or more; x >= least_squared.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR
constexpr float root_below = 1.0f - 0x1p-11f;  // the hardware's estimate is off by less than 1.5 2^-12
HWY_INLINE V rough_root(V x) { return hn::Mul(x, hn::ApproximateReciprocalSqrt(x)); }
#else
constexpr float root_below = 1.0f - 0x1p-20f;
HWY_INLINE V rough_root(V x) { return hn::Sqrt(x); }
#endif

constexpr float least_squared = 1e-30f;
constexpr float least_distance = 2e-15f;  // more than the root of that
constexpr float very_far = FLT_MAX / 8;   // a score above those of settled customers, twice it being a number

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
  HWY_INLINE V below_squared(V score) const {
    const Floats tag;
    const V squared = hn::Min(hn::MulAdd(hn::Set(tag, 2.0f), score, norm), hn::Set(tag, FLT_MAX));
    return hn::Max(hn::Sub(squared, margin), hn::Zero(tag));
  }
  HWY_INLINE V below(V score) const { return hn::Sqrt(below_squared(score)); }
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

// gap_between(below(score), above(best)) for many scores <= very_far of settled customers: roughly, and still at most that where it is above 0.
template <class Form>
struct Gaps;

template <>
struct Gaps<Products> {
  V base;
  V factor;
  V nearer;

  Gaps(const Distances<Products>& distances, V best)
      : base(hn::Sub(distances.norm, distances.margin)),
        factor(hn::Set(Floats(), root_below)),
        nearer(hn::Max(hn::Mul(distances.above(best), hn::Set(Floats(), 1.0f + four_u)),
                       hn::Set(Floats(), least_distance))) {}
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
        nearer(hn::Max(hn::Mul(hn::Add(distances.above(best), distances.gap), hn::Set(Floats(), 1.0f + four_u)),
                       hn::Set(Floats(), least_distance))) {}
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

HWY_INLINE int groups_of(const ScreenTask& task) { return (task.count + task.group_size - 1) / task.group_size; }

// Up to a vector's lanes of gaps: each the least of what it was and of its lane.
HWY_INLINE void lower_gaps(V least, int count, float* gaps) {
  const Floats tag;
  HWY_ALIGN float lanes[lanes_of_all];
  hn::Store(least, tag, lanes);
  for (int i = 0; i < count; ++i) gaps[i] = std::min(gaps[i], lanes[i]);
}

template <class Form>
HWY_INLINE void answer_gaps(const ScreenTask& task, const Ranking& ranking, int v, int row,
                            const Distances<Form>& distances, hn::Mask<Floats> is_settled, const float* scores,
                            float* gaps) {
  const Floats tag;
  float* gap = gaps + static_cast<ptrdiff_t>(row / tile_rows) * groups_of(task);
  if (!hn::AllTrue(tag, is_settled)) {  // of an unsettled customer nothing is known
    std::fill_n(gap, groups_of(task), -1.0f);
    return;
  }
  const V far = hn::Set(tag, very_far);
  const Gaps<Form> between(distances, ranking.best[v]);
  const float* score = scores + v * static_cast<int>(hn::Lanes(tag));
  for (int c = 0; c < task.count;) {
    V rows[lanes_of_all];
    int count = 0;
    for (; count < lanes_of_all && c < task.count; ++count) {
      V least = far;
      for (const int end = std::min(task.count, c + task.group_size); c < end; ++c, score += screen_rows) {
        const auto is_own = hn::Eq(ranking.index[v], hn::Set(tag, static_cast<float>(task.candidates[c])));
        least = hn::Min(least, hn::IfThenElse(is_own, far, hn::Load(tag, score)));
      }
      rows[count] = between.to(least);
    }
    for (int i = count; i < lanes_of_all; ++i) rows[i] = far;
    lower_gaps(hn::Max(least_lanes(rows), hn::Zero(tag)), count, gap);
    gap += count;
  }
}

HWY_INLINE void store_rival(const ScreenTask& task, const Ranking& ranking, int v, const float* scores,
                            int32_t* rival) {
  const Floats tag;
  const hn::RebindToSigned<Floats> int_tag;
  V number = ranking.index[v];
  const float* score = scores + v * static_cast<int>(hn::Lanes(tag));
  for (int c = 0; c < task.count; ++c, score += screen_rows) {
    const V candidate = hn::Set(tag, static_cast<float>(task.candidates[c]));
    const auto is_rival = hn::And(hn::Eq(hn::Load(tag, score), ranking.second[v]), hn::Ne(candidate, ranking.index[v]));
    number = hn::IfThenElse(is_rival, candidate, number);
  }
  hn::Store(hn::ConvertTo(int_tag, number), int_tag, rival);
}

template <class Form, ScreenDetail detail>
HWY_INLINE void screen_impl(const ScreenCentroids& centroids, const ScreenTask& task, ScreenAnswer& answer,
                            float* gaps) {
  const Floats tag;
  const int lanes = static_cast<int>(hn::Lanes(tag));
  if constexpr (detail == ScreenDetail::gaps) std::fill_n(gaps, 4 * groups_of(task), HUGE_VALF);
  for (int first = 0; first < screen_rows; first += vectors * lanes) {
    const float* begin[vectors];
    const float* next[vectors];
    for (int v = 0; v < vectors; ++v) {
      const int row = first + v * lanes;
      begin[v] = task.tiles[row / tile_rows] + row % tile_rows;
      next[v] = task.next[row / tile_rows] + row % tile_rows;
    }
    Ranking ranking;
    constexpr bool needs_scores = detail == ScreenDetail::rivals || detail == ScreenDetail::gaps;
    rank<Form>(begin, next, centroids, task, ranking, needs_scores ? task.scores : nullptr);
    for (int v = 0; v < vectors; ++v) {
      const int row = first + v * lanes;
      const Distances<Form> distances(centroids, ranking.norm[v]);
      const auto is_settled = distances.is_settled(ranking.best[v], ranking.second[v]);
      store_winner(ranking, v, is_settled, answer.winner + row);
      if constexpr (detail != ScreenDetail::none) {
        const V slack = gap_between(distances.below(ranking.second[v]), distances.above(ranking.best[v]));
        hn::Store(hn::IfThenElseZero(is_settled, slack), tag, answer.slack + row);
      }
      if constexpr (detail == ScreenDetail::rivals) store_rival(task, ranking, v, task.scores, answer.rival + row);
      if constexpr (detail == ScreenDetail::gaps)
        answer_gaps(task, ranking, v, row, distances, is_settled, task.scores, gaps);
    }
  }
}

template <class Form>
HWY_INLINE void screen_form(const ScreenCentroids& centroids, const ScreenTask& task, ScreenDetail detail,
                            ScreenAnswer& answer, float* gaps) {
  switch (detail) {
    case ScreenDetail::none: screen_impl<Form, ScreenDetail::none>(centroids, task, answer, gaps); break;
    case ScreenDetail::slack: screen_impl<Form, ScreenDetail::slack>(centroids, task, answer, gaps); break;
    case ScreenDetail::rivals: screen_impl<Form, ScreenDetail::rivals>(centroids, task, answer, gaps); break;
    case ScreenDetail::gaps: screen_impl<Form, ScreenDetail::gaps>(centroids, task, answer, gaps); break;
  }
}

void Screen(const ScreenCentroids& centroids, const ScreenTask& task, ScreenDetail detail, ScreenAnswer& answer,
            float* gaps) {
  if (centroids.form == ScreenForm::products)
    screen_form<Products>(centroids, task, detail, answer, gaps);
  else
    screen_form<Differences>(centroids, task, detail, answer, gaps);
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

void screen(const ScreenCentroids& centroids, const ScreenTask& task, ScreenDetail detail, ScreenAnswer& answer,
            float* gaps) {
  HWY_DYNAMIC_DISPATCH(Screen)(centroids, task, detail, answer, gaps);
}

}  // namespace cardseg::cluster
#endif
