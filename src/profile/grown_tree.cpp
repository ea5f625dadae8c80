#include "profile/grown_tree.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "cardseg/core/thread_failure.hpp"

namespace cardseg::profile {
namespace {

using Rows = std::vector<std::uint32_t>;  // of the sample

// What splitting a leaf gains, and how.
struct Growth {
  double gain = 0.0;
  int feature = -1;
  int edge = 0;
  int below_segment = 0;
  int above_segment = 0;
};

// The edges that are tried, as bounds of coarse bins: bin b holds fine bins up to bound[b].
std::vector<int> coarse_bounds(const RuleEdges& edges, int feature) {
  const int fine = static_cast<int>(edges.of(feature).edge.size());
  std::vector<int> bounds;
  const int count = std::min(fine, growing_bins - 1);
  for (int i = 1; i <= count; ++i) bounds.push_back(fine <= count ? i - 1 : (i * (fine + 1)) / (count + 1) - 1);
  return bounds;
}

class Grower {
 public:
  Grower(const RuleSample& sample, const std::vector<int>& segments, const RuleEdges& edges,
         std::int64_t least_customers)
      : sample_(sample), segments_(segments), edges_(edges), least_customers_(least_customers) {
    all_segments_ = sample.customers() > 0 ? sample.distance.size() / sample.customers() : 0;
    for (int f = 0; f < edges.features(); ++f) bounds_.push_back(coarse_bounds(edges, f));
  }

  Growth best_growth(const Rows& rows, int segment) const {
    const double now = cost(rows, segment);
    Growth best;
    std::vector<Growth> of_feature(bounds_.size());
    core::ThreadFailure failure;
#pragma omp parallel for schedule(dynamic)
    for (std::size_t f = 0; f < bounds_.size(); ++f)
      failure.guard([&] { of_feature[f] = best_of_feature(rows, static_cast<int>(f), now); });
    failure.rethrow();
    for (const Growth& each : of_feature)
      if (each.gain > best.gain) best = each;
    return best;
  }

 private:
  double distance(std::uint32_t row, std::size_t j) const {
    return sample_.distance[row * all_segments_ + static_cast<std::size_t>(segments_[j])];
  }

  double cost(const Rows& rows, int segment) const {
    double sum = 0.0;
    for (const std::uint32_t row : rows) sum += distance(row, static_cast<std::size_t>(segment));
    return sum;
  }

  Growth best_of_feature(const Rows& rows, int feature, double now) const {
    const std::vector<int>& bounds = bounds_[static_cast<std::size_t>(feature)];
    const std::size_t k = segments_.size();
    const std::size_t bins = bounds.size() + 1;
    std::vector<double> costs(bins * k);
    std::vector<std::int64_t> customers(bins);
    const std::uint8_t* const bin = sample_.bins_of(feature);
    std::array<std::uint8_t, most_edges + 1> coarse = {};
    for (std::size_t fine = 0; fine < coarse.size(); ++fine)
      coarse[fine] =
          static_cast<std::uint8_t>(std::ranges::lower_bound(bounds, static_cast<int>(fine)) - bounds.begin());
    for (const std::uint32_t row : rows) {
      const std::size_t b = coarse[bin[row]];
      ++customers[b];
      for (std::size_t j = 0; j < k; ++j) costs[b * k + j] += distance(row, j);
    }
    std::vector<double> above(k);
    for (std::size_t b = bins; b-- > 0;)
      for (std::size_t j = 0; j < k; ++j) above[j] += costs[b * k + j];
    std::vector<double> below(k);
    std::int64_t customers_below = 0;
    Growth best;
    for (std::size_t b = 0; b < bounds.size(); ++b) {
      customers_below += customers[b];
      for (std::size_t j = 0; j < k; ++j) below[j] += costs[b * k + j];
      for (std::size_t j = 0; j < k; ++j) above[j] -= costs[b * k + j];
      const std::int64_t customers_above = std::ssize(rows) - customers_below;
      if (std::min(customers_below, customers_above) < least_customers_) continue;
      const auto low = std::ranges::min_element(below);
      const auto high = std::ranges::min_element(above);
      const double gain = now - *low - *high;
      if (gain > best.gain)
        best = {gain, feature, bounds[b], static_cast<int>(low - below.begin()),
                static_cast<int>(high - above.begin())};
    }
    return best;
  }

  const RuleSample& sample_;
  const std::vector<int>& segments_;
  const RuleEdges& edges_;
  std::int64_t least_customers_;
  std::size_t all_segments_ = 0;
  std::vector<std::vector<int>> bounds_;
};

// The sample's customers of each leaf.
std::map<int, Rows> rows_by_leaf(const ThresholdTree& tree, const RuleSample& sample,
                                 const std::vector<int>& segments) {
  std::map<int, Rows> rows;
  for (std::uint32_t i = 0; i < sample.customers(); ++i) {
    if (std::ranges::find(segments, sample.segment[i]) == segments.end()) continue;
    int at = 0;
    for (const auto* node = &tree.nodes[0]; !node->is_leaf(); node = &tree.nodes[static_cast<std::size_t>(at)])
      at = node->below + (sample.bins_of(node->feature)[i] <= node->edge ? 0 : 1);
    rows[at].push_back(i);
  }
  return rows;
}

}  // namespace

void grow(ThresholdTree& tree, int leaves, const RuleSample& sample, const std::vector<int>& segments,
          const RuleEdges& edges, std::int64_t least_customers) {
  const Grower grower(sample, segments, edges, std::max<std::int64_t>(least_customers, 1));
  std::map<int, Rows> open = rows_by_leaf(tree, sample, segments);
  std::map<int, Growth> growth;
  const auto consider = [&](int node) {
    const Growth found = grower.best_growth(open[node], tree.nodes[static_cast<std::size_t>(node)].segment);
    if (found.feature >= 0) growth[node] = found;
  };
  const std::map<int, Rows> first = open;
  for (const auto& [node, unused] : first) consider(node);
  while (tree.leaves() < leaves && !growth.empty()) {
    const auto best =
        std::ranges::max_element(growth, {}, [](const auto& each) { return each.second.gain; });  // the first of equals
    const auto [node, split] = *best;
    growth.erase(best);
    const int below = static_cast<int>(tree.nodes.size());
    tree.split(node, split.feature, split.edge, split.below_segment, split.above_segment);
    const std::uint8_t* const bin = sample.bins_of(split.feature);
    for (const std::uint32_t row : open[node]) open[below + (bin[row] <= split.edge ? 0 : 1)].push_back(row);
    open.erase(node);
    consider(below);
    consider(below + 1);
  }
}

}  // namespace cardseg::profile
