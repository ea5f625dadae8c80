// The screen's inner loops: scores of customers and centroids, and the two best of them. Included once for every
// instruction set, as Highway's own -inl.h files are.
//
// Lanes are customers. Four tiles against four centroids at once where there are 32 registers, two vectors where there
// are
// 16; centroids are broadcast from memory. 2 k d flops a customer, 5 k operations for the two best.
#if defined(CARDSEG_CLUSTER_SCREEN_RANKING_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CARDSEG_CLUSTER_SCREEN_RANKING_INL
#undef CARDSEG_CLUSTER_SCREEN_RANKING_INL
#else
#define CARDSEG_CLUSTER_SCREEN_RANKING_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cardseg/cluster/screen.hpp"
#include "cluster/doubles_inl.hpp"
#include "cluster/screen_distances_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {

#if HWY_CAP_GE512
constexpr int vectors = 4;
#else
constexpr int vectors = 2;
#endif
constexpr int block = 4;

// What is known of `vectors` vectors of customers.
struct Ranking {
  V best[vectors];
  V second[vectors];
  V index[vectors];
  V norm[vectors];  // |x|^2
};

// act(0), act(1), ... act(Count - 1), each with its number as a constant: what such a loop keeps in arrays stays in
// registers.
template <int Count, class Act>
HWY_INLINE void repeat(Act act) {
  [&]<int... i>(std::integer_sequence<int, i...>) HWY_ATTR { (act(std::integral_constant<int, i>()), ...); }
  (std::make_integer_sequence<int, Count>());
}

// Customers at begin[v], features 16 apart, against Count candidates; those at next[0] to next[fetched - 1] are fetched
// meanwhile, into the second level.
// `scores`: null, or where candidates[c]'s score of vector v goes: scores[c * screen_rows + v * lanes].
// Not inlined: what the caller knows would take registers from the sums.
template <class Form, int Count, bool is_first, int fetched>
HWY_NOINLINE void offer(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                        const int32_t* candidates, Ranking& ranking, float* scores) {
  const Floats tag;
  const int features = centroids.features;
  const float* rows[Count];
  V sums[Count * vectors];
  V norm[vectors];
  repeat<Count>([&](auto c) HWY_ATTR {
    rows[c] = centroids.values.data() + static_cast<ptrdiff_t>(candidates[c]) * features;
    const float half_norm = centroids.half_norms[static_cast<size_t>(candidates[c])];
    repeat<vectors>([&](auto v) HWY_ATTR { sums[c * vectors + v] = Form::begin(half_norm); });
  });
  if constexpr (is_first) repeat<vectors>([&](auto v) HWY_ATTR { norm[v] = hn::Zero(tag); });
  for (int f = 0; f < features; ++f) {
    V x[vectors];
    repeat<vectors>([&](auto v) HWY_ATTR { x[v] = hn::Load(tag, begin[v] + f * tile_rows); });
    for (int i = 0; i < fetched; ++i) __builtin_prefetch(next[i] + f * tile_rows, 0, 2);
    if constexpr (is_first) repeat<vectors>([&](auto v) HWY_ATTR { norm[v] = hn::MulAdd(x[v], x[v], norm[v]); });
    repeat<Count>([&](auto c) HWY_ATTR {
      const V centroid = hn::Set(tag, rows[c][f]);
      repeat<vectors>([&](auto v)
                          HWY_ATTR { sums[c * vectors + v] = Form::add(x[v], centroid, sums[c * vectors + v]); });
    });
  }
  if constexpr (is_first) repeat<vectors>([&](auto v) HWY_ATTR { ranking.norm[v] = norm[v]; });
  if (scores)
    repeat<Count * vectors>([&](auto i) HWY_ATTR {
      hn::Store(sums[i], tag, scores + i / vectors * screen_rows + i % vectors * static_cast<int>(hn::Lanes(tag)));
    });
  repeat<vectors>([&](auto v) HWY_ATTR {
    V best = ranking.best[v];
    V second = ranking.second[v];
    V index = ranking.index[v];
    repeat<Count>([&](auto c) HWY_ATTR {
      const V sum = sums[c * vectors + v];
      const auto is_better = hn::Lt(sum, best);
      second = hn::Min(second, hn::Max(best, sum));
      index = hn::IfThenElse(is_better, hn::Set(tag, static_cast<float>(candidates[c])), index);
      best = hn::Min(best, sum);
    });
    ranking.best[v] = best;
    ranking.second[v] = second;
    ranking.index[v] = index;
  });
}

template <class Form, bool is_first, int fetched>
HWY_INLINE void offer_last(const float* const* begin, const float* const* next, const ScreenCentroids& centroids,
                           const int32_t* candidates, int count, Ranking& ranking, float* scores) {
  if (count == 1) offer<Form, 1, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
  if (count == 2) offer<Form, 2, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
  if (count == 3) offer<Form, 3, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
  if (count == 4) offer<Form, 4, is_first, fetched>(begin, next, centroids, candidates, ranking, scores);
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
  int j = std::min(block, count);
  if (!task.next[0]) {
    offer_last<Form, true, 0>(begin, next, centroids, candidates, j, ranking, scores);
  } else if (count <= block) {
    offer_last<Form, true, vectors>(begin, next, centroids, candidates, count, ranking, scores);
  } else if (count < vectors * block) {
    constexpr int half = vectors / 2;
    offer<Form, block, true, half>(begin, next, centroids, candidates, ranking, scores);
    const int more = std::min(block, count - j);
    offer_last<Form, false, half>(begin, next + half, centroids, candidates + j, more, ranking, at(j));
    j += more;
  } else {
    offer<Form, block, true, 1>(begin, next, centroids, candidates, ranking, scores);
    for (int v = 1; v < vectors && j + block <= count; ++v, j += block)
      offer<Form, block, false, 1>(begin, next + v, centroids, candidates + j, ranking, at(j));
  }
  for (; j + block <= count; j += block)
    offer<Form, block, false, 0>(begin, next, centroids, candidates + j, ranking, at(j));
  offer_last<Form, false, 0>(begin, next, centroids, candidates + j, count - j, ranking, at(j));
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
