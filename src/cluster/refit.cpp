#include "cluster/refit.hpp"

#include <algorithm>
#include <numeric>

#include "cardseg/core/philox.hpp"
#include "cluster/greedy_draw.hpp"

namespace cardseg::cluster {

std::optional<Rise> find_rise(const std::vector<SegmentsAndInertia>& fits, const std::vector<bool>& leave_out) {
  std::vector<int> order(fits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto of = [&](int fit) { return fits[static_cast<std::size_t>(fit)]; };
  std::ranges::stable_sort(order, {}, [&](int fit) { return of(fit).segments; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const int fewer = order[i - 1];
    const int fit = order[i];
    if (leave_out[static_cast<std::size_t>(fit)] || of(fit).segments == of(fewer).segments) continue;
    if (of(fit).inertia > of(fewer).inertia) return Rise{fit, fewer};
  }
  return std::nullopt;
}

template <class T>
std::optional<Centroids> split_to(const FitSetting<T>& setting, const FitOptions& options, const Centroids& fewer) {
  const core::RowRandom random(options.seed, core::Purpose::refitting, static_cast<std::uint32_t>(options.segments));
  Centroids split = add_greedily(setting.comm, setting.matrix, fewer, {random, 0, options.segments - fewer.segments});
  if (split.segments < options.segments) return std::nullopt;
  return split;
}

template std::optional<Centroids> split_to<float>(const FitSetting<float>&, const FitOptions&, const Centroids&);
template std::optional<Centroids> split_to<double>(const FitSetting<double>&, const FitOptions&, const Centroids&);

}  // namespace cardseg::cluster
