#include "cluster/breathing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cluster/greedy_draw.hpp"
#include "cluster/removal_costs.hpp"
#include "cluster/settle.hpp"

namespace cardseg::cluster {
namespace {

constexpr int iterations_between = 5;       // with k + m centroids
constexpr int most_breaths = 100;           // that improve() takes
constexpr double paying = 1.0;              // gain of a split, of what a merge costs, from which it is made
constexpr double promising = 1.0 / 3;       // likewise, from which anything is
constexpr double least_gain = 1e-5;         // of the inertia
constexpr std::int64_t rows_of_breath = 8;  // of random numbers, one a step

void append(Centroids& centroids, const std::vector<double>& point) {
  centroids.values.insert(centroids.values.end(), point.begin(), point.end());
  ++centroids.segments;
}

// The cheapest first; the neighbour of one that goes is spared at first: it gets its customers.
std::vector<bool> choose_leaving(const std::vector<Removal>& removals, int leaving) {
  std::vector<int> order(removals.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int j) { return removals[static_cast<std::size_t>(j)].cost; });
  std::vector<bool> leaves(removals.size());
  std::vector<bool> is_spared(removals.size());
  for (const bool spares : {true, false})
    for (int j : order) {
      const auto at = static_cast<std::size_t>(j);
      if (leaving == 0 || leaves[at] || (spares && is_spared[at])) continue;
      leaves[at] = true;
      if (removals[at].neighbour >= 0) is_spared[static_cast<std::size_t>(removals[at].neighbour)] = true;
      --leaving;
    }
  return leaves;
}

template <class T>
Centroids breathe_out(const FitSetting<T>& setting, const Centroids& wide, int segments) {
  const std::vector<bool> leaves = choose_leaving(removal_costs(setting, wide), wide.segments - segments);
  Centroids left(0, wide.features);
  for (int j = 0; j < wide.segments; ++j)
    if (!leaves[static_cast<std::size_t>(j)]) append(left, {wide.row(j), wide.row(j) + wide.features});
  return left;
}

}  // namespace

template <class T>
std::optional<Centroids> breathe(const FitSetting<T>& setting, const FitOptions& options, const Centroids& centroids,
                                 const Breath& breath) {
  const Centroids wide = breath.splits ? with_splits(centroids, *breath.splits, breath.width)
                                       : add_greedily(setting.comm, setting.matrix, centroids,
                                                      {*breath.random, breath.number * rows_of_breath, breath.width});
  if (wide.segments == centroids.segments) return std::nullopt;
  FitOptions few = options;
  few.max_iterations = iterations_between;
  few.tolerance = 0.0;
  return breathe_out(setting, settle(setting, few, wide).centroids, centroids.segments);
}

int splits_at_once(const Splits& splits, int segments) { return std::min(count_paying(splits, paying), segments / 2); }

bool may_gain(const Splits& splits) { return count_paying(splits, promising) > 0; }

template <class T>
RestartResult improve(const FitSetting<T>& setting, const FitOptions& options, RestartResult best,
                      const Improvement<T>& by, MoveTally& moves) {
  const double before = best.inertia;
  const int segments = best.centroids.segments;
  Splits splits = find_splits(by.some, best.centroids);
  int by_splits = splits_at_once(splits, segments);
  int by_draws = std::min(widest_breath, segments / 2);
  for (int number = 0; number < most_breaths && best.inertia > 0 && may_gain(splits); ++number) {
    const bool is_split = by_splits > 0;
    if (!is_split && by_draws == 0) break;
    const Breath breath =
        is_split ? Breath{by_splits, &splits, nullptr, 0} : Breath{by_draws, nullptr, &by.random, number};
    std::optional<Centroids> moved = breathe(setting, options, best.centroids, breath);
    if (!moved) break;
    RestartResult result = settle(setting, options, std::move(*moved));
    ++moves.tried;
    if (result.inertia < (1 - least_gain) * best.inertia) {
      ++moves.accepted;
      best = std::move(result);
      if (by.known(best.states.back())) break;
      splits = find_splits(by.some, best.centroids);
      by_splits = splits_at_once(splits, segments);
    } else if (is_split) {
      by_splits /= 2;
    } else {
      --by_draws;
    }
  }
  if (before > 0) moves.gained = 1 - (1 - moves.gained) * (best.inertia / before);
  return best;
}

#define CARDSEG_INSTANTIATE(T)                                                                                     \
  template std::optional<Centroids> breathe<T>(const FitSetting<T>&, const FitOptions&, const Centroids&,          \
                                               const Breath&);                                                     \
  template RestartResult improve<T>(const FitSetting<T>&, const FitOptions&, RestartResult, const Improvement<T>&, \
                                    MoveTally&)
CARDSEG_INSTANTIATE(float);
CARDSEG_INSTANTIATE(double);
#undef CARDSEG_INSTANTIATE

}  // namespace cardseg::cluster
