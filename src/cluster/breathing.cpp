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
constexpr int most_breaths = 60;            // that improve() takes
constexpr double least_gain = 1e-5;         // of the inertia
constexpr std::int64_t rows_of_breath = 8;  // of random numbers, one a step

void append(Centroids& centroids, const std::vector<double>& point) {
  centroids.values.insert(centroids.values.end(), point.begin(), point.end());
  ++centroids.segments;
}

int nearest_other(const Centroids& centroids, int segment) {
  int nearest = -1;
  double least = HUGE_VAL;
  for (int j = 0; j < centroids.segments; ++j) {
    if (j == segment) continue;
    const double distance = squared_distance(centroids.row(segment), centroids.row(j), centroids.features);
    if (distance < least) {
      least = distance;
      nearest = j;
    }
  }
  return nearest;
}

// The cheapest first; the neighbour of one that goes is spared at first: it gets its customers.
std::vector<bool> choose_leaving(const Centroids& wide, const std::vector<core::int128>& costs, int leaving) {
  std::vector<int> order(costs.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int j) { return costs[static_cast<std::size_t>(j)]; });
  std::vector<bool> leaves(costs.size());
  std::vector<bool> is_spared(costs.size());
  for (const bool spares : {true, false})
    for (int j : order) {
      const auto at = static_cast<std::size_t>(j);
      if (leaving == 0 || leaves[at] || (spares && is_spared[at])) continue;
      leaves[at] = true;
      is_spared[static_cast<std::size_t>(nearest_other(wide, j))] = true;
      --leaving;
    }
  return leaves;
}

template <class T>
Centroids breathe_out(const FitSetting<T>& setting, const Centroids& wide, int segments) {
  const std::vector<bool> leaves = choose_leaving(wide, removal_costs(setting, wide), wide.segments - segments);
  Centroids left(0, wide.features);
  for (int j = 0; j < wide.segments; ++j)
    if (!leaves[static_cast<std::size_t>(j)]) append(left, {wide.row(j), wide.row(j) + wide.features});
  return left;
}

}  // namespace

template <class T>
std::optional<Centroids> breathe(const FitSetting<T>& setting, const FitOptions& options, const Centroids& centroids,
                                 const Breath& breath) {
  const Centroids wide = add_greedily(setting.comm, setting.matrix, centroids,
                                      {breath.random, breath.number * rows_of_breath, breath.width});
  if (wide.segments == centroids.segments) return std::nullopt;
  FitOptions few = options;
  few.max_iterations = iterations_between;
  few.tolerance = 0.0;
  return breathe_out(setting, settle(setting, few, wide).centroids, centroids.segments);
}

template <class T>
RestartResult improve(const FitSetting<T>& setting, const FitOptions& options, RestartResult best,
                      const core::RowRandom& random, MoveTally& moves) {
  const double before = best.inertia;
  int width = std::min(widest_breath, best.centroids.segments / 2);
  for (int number = 0; width > 0 && best.inertia > 0 && number < most_breaths; ++number) {
    std::optional<Centroids> moved = breathe(setting, options, best.centroids, {random, number, width});
    if (!moved) break;
    RestartResult result = settle(setting, options, std::move(*moved));
    ++moves.tried;
    if (result.inertia < (1 - least_gain) * best.inertia) {
      ++moves.accepted;
      best = std::move(result);
    } else {
      --width;
    }
  }
  moves.gained = before > 0 ? 1 - best.inertia / before : 0.0;
  return best;
}

#define CARDSEG_INSTANTIATE(T)                                                                                      \
  template std::optional<Centroids> breathe<T>(const FitSetting<T>&, const FitOptions&, const Centroids&,           \
                                               const Breath&);                                                      \
  template RestartResult improve<T>(const FitSetting<T>&, const FitOptions&, RestartResult, const core::RowRandom&, \
                                    MoveTally&)
CARDSEG_INSTANTIATE(float);
CARDSEG_INSTANTIATE(double);
#undef CARDSEG_INSTANTIATE

}  // namespace cardseg::cluster
