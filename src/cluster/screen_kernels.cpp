// The vector kernels behind screen.hpp, compiled for every instruction set that Highway dispatches to.
//
// Lanes are customers; what is known of their distances is in screen_distances_inl.hpp, how they are computed and
// ranked in screen_ranking_inl.hpp.
#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/screen.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/screen_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/screen_distances_inl.hpp"
#include "cluster/screen_ranking_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// `labels`: null, or of these customers.
HWY_INLINE void answer_winner(const Ranking& ranking, int v, int row, hn::Mask<Floats> is_settled,
                              const int32_t* labels, ScreenAnswer& answer) {
  const Floats tag;
  const hn::RebindToSigned<Floats> int_tag;
  const auto winner = hn::ConvertTo(int_tag, hn::IfThenElse(is_settled, ranking.index[v], hn::Set(tag, -1.0f)));
  hn::Store(winner, int_tag, answer.winner + row);
  answer.unsettled |= bits_of(tag, hn::Not(is_settled)) << row;
  if (labels) answer.changed |= bits_of(int_tag, hn::Ne(winner, hn::LoadU(int_tag, labels))) << row;
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
  answer.unsettled = answer.changed = 0;
  for (int first = 0; first < screen_rows; first += vectors * lanes) {
    const float* begin[vectors];
    const float* next[vectors];
    for (int v = 0; v < vectors; ++v) {
      const int row = first + v * lanes;
      begin[v] = task.tiles[row / tile_rows] + row % tile_rows;
      next[v] = task.next[row / tile_rows] ? task.next[row / tile_rows] + row % tile_rows : nullptr;
    }
    Ranking ranking;
    constexpr bool needs_scores = detail == ScreenDetail::rivals || detail == ScreenDetail::gaps;
    rank<Form>(begin, next, centroids, task, ranking, needs_scores ? task.scores : nullptr);
    for (int v = 0; v < vectors; ++v) {
      const int row = first + v * lanes;
      const Distances<Form> distances(centroids, ranking.norm[v]);
      const auto is_settled = distances.is_settled(ranking.best[v], ranking.second[v]);
      const int32_t* labels = task.labels[row / tile_rows];
      answer_winner(ranking, v, row, is_settled, labels ? labels + row % tile_rows : nullptr, answer);
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
