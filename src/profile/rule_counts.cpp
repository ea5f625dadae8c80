#include "profile/rule_counts.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"

namespace cardseg::profile {
namespace {

constexpr std::int64_t block_tiles = 64;

// No customer is farther from any centroid than the farthest from its own and the centroids from one another together.
struct Bounds {
  double squared_distance = 0.0;
  double feature = 0.0;

  // Collective.
  Bounds(const comm::Communicator& comm, const cluster::Scores& scores, const cluster::Centroids& centroids) {
    double own = 0.0;
    for (const double squared : scores.squared_distance) own = std::max(own, squared);
    own = std::sqrt(comm.max(own));
    double apart = 0.0;
    for (int i = 0; i < centroids.segments; ++i)
      for (int j = 0; j < i; ++j)
        apart = std::max(apart, cluster::squared_distance(centroids.row(i), centroids.row(j), centroids.features));
    double largest = 0.0;
    for (const double value : centroids.values) largest = std::max(largest, std::abs(value));
    constexpr double rounding = 1.0 + 1e-9;
    squared_distance = rounding * (own + std::sqrt(apart)) * (own + std::sqrt(apart));
    feature = rounding * (largest + own);
  }
};

// Sums that a pass adds up: customers by node and segment, features of the tree's segments by node, costs (the own one
// first), customers and own ones of rules.
enum Table : std::size_t { of_node, of_feature, of_cost, of_rule, of_rule_own };

struct Grids {
  core::FixedPoint cost;
  core::FixedPoint feature;
};

template <class T>
class Pass {
 public:
  Pass(const portfolio::FeatureMatrix<T>& matrix, const cluster::Scores& scores, const Countable& what,
       const Grids& grids)
      : matrix_(matrix), scores_(scores), what_(what), grids_(grids) {
    is_told_.resize(static_cast<std::size_t>(what.centroids.segments));
    for (const int segment : what.segments) is_told_[static_cast<std::size_t>(segment)] = true;
  }

  void add_block(std::int64_t block, portfolio::GroupedSums& sums) const {
    std::vector<double> x(static_cast<std::size_t>(matrix_.features()));
    for (std::int64_t t = block * block_tiles; t < std::min(matrix_.tiles(), (block + 1) * block_tiles); ++t) {
      const std::int64_t end = std::min(matrix_.rows(), (t + 1) * portfolio::tile_rows);
      for (std::int64_t i = t * portfolio::tile_rows; i < end; ++i) {
        for (std::size_t f = 0; f < x.size(); ++f) x[f] = static_cast<double>(matrix_.at(i, static_cast<int>(f)));
        add(x, static_cast<std::size_t>(i), sums);
      }
      matrix_.done_with(t);
    }
  }

 private:
  void add(const std::vector<double>& x, std::size_t row, portfolio::GroupedSums& sums) const {
    const std::int32_t segment = scores_.segment[row];
    const double own_cost = scores_.squared_distance[row];
    const auto feature = [&](int f) { return x[static_cast<std::size_t>(f)]; };
    const int leaf = what_.tree.leaf_of(what_.edges, what_.tree.nodes.size(), feature);
    sums.add(of_node, std::int64_t{leaf} * what_.centroids.segments + segment, 1);
    if (is_told_[static_cast<std::size_t>(segment)]) {
      for (std::size_t f = 0; f < x.size(); ++f)
        sums.add(of_feature, leaf * std::ssize(x) + static_cast<std::int64_t>(f), grids_.feature.round(x[f]));
      sums.add(of_cost, 0, grids_.cost.round(own_cost));
      for (std::size_t s = 0; s < what_.sizes.size(); ++s) {
        const int end = what_.tree.leaf_of(what_.edges, what_.sizes[s], feature);
        const int given =
            what_.segments[static_cast<std::size_t>(what_.tree.nodes[static_cast<std::size_t>(end)].segment)];
        const double cost = given == segment ? own_cost
                                             : cluster::squared_distance(x.data(), what_.centroids.row(given),
                                                                         what_.centroids.features);
        sums.add(of_cost, static_cast<std::int64_t>(s) + 1, grids_.cost.round(cost));
      }
    }
    for (std::size_t r = 0; r < what_.rules.size(); ++r) {
      const Rule& rule = what_.rules[r];
      const bool is_met = std::ranges::all_of(rule.conditions, [&](const Condition& each) {
        return (feature(each.feature) <= each.edge) != each.is_above;
      });
      if (!is_met) continue;
      sums.add(of_rule, static_cast<std::int64_t>(r), 1);
      if (segment == rule.segment - 1) sums.add(of_rule_own, static_cast<std::int64_t>(r), 1);
    }
  }

  const portfolio::FeatureMatrix<T>& matrix_;
  const cluster::Scores& scores_;
  const Countable& what_;
  const Grids& grids_;
  std::vector<bool> is_told_;
};

std::vector<std::int64_t> as_counts(const std::vector<core::int128>& sums) {
  std::vector<std::int64_t> counts;
  for (const core::int128 sum : sums) counts.push_back(static_cast<std::int64_t>(sum));
  return counts;
}

// Customers are added up where they end; a node has those of the nodes below it.
template <class Sum>
std::vector<std::vector<Sum>> by_node(const std::vector<Sum>& sums, const ThresholdTree& tree, int width) {
  std::vector<std::vector<Sum>> of_node;
  for (auto next = sums.begin(); next != sums.end(); next += width) of_node.emplace_back(next, next + width);
  for (std::size_t n = tree.nodes.size(); n-- > 0;) {
    if (tree.nodes[n].is_leaf()) continue;
    const auto below = static_cast<std::size_t>(tree.nodes[n].below);
    for (std::size_t j = 0; j < of_node[n].size(); ++j) of_node[n][j] = of_node[below][j] + of_node[below + 1][j];
  }
  return of_node;
}

// What squared distances fall by where each segment of the tree of the first `size` nodes has its centre at the mean of
// those whom the tree gives it: the sum of n |mean - centroid|^2.
double gain_of_means(const std::vector<std::vector<std::int64_t>>& customers,
                     const std::vector<std::vector<core::int128>>& features, const Countable& what,
                     const core::FixedPoint& grid, std::size_t size) {
  std::vector<std::int64_t> given(what.segments.size());
  std::vector<std::vector<core::int128>> sums(given.size(), std::vector<core::int128>(features.front().size()));
  for (std::size_t n = 0; n < size; ++n) {
    const ThresholdTree::Node& node = what.tree.nodes[n];
    if (!node.is_leaf() && static_cast<std::size_t>(node.below) < size) continue;
    const auto j = static_cast<std::size_t>(node.segment);
    for (const int segment : what.segments) given[j] += customers[n][static_cast<std::size_t>(segment)];
    for (std::size_t f = 0; f < sums[j].size(); ++f) sums[j][f] += features[n][f];
  }
  double gain = 0.0;
  for (std::size_t j = 0; j < given.size(); ++j) {
    if (given[j] == 0) continue;
    const auto n = static_cast<double>(given[j]);
    const double* const centroid = what.centroids.row(what.segments[j]);
    for (std::size_t f = 0; f < sums[j].size(); ++f) {
      const double apart = grid.value(sums[j][f]) / n - centroid[f];
      gain += n * apart * apart;
    }
  }
  return gain;
}

}  // namespace

template <class T>
RuleCounts count_rules(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                       const cluster::Scores& local_scores, const Countable& what) {
  const int k = what.centroids.segments;
  const Bounds bounds(comm, local_scores, what.centroids);
  const std::int64_t rows = comm.sum(matrix.rows());
  const Grids grids{core::FixedPoint::for_values(bounds.squared_distance, rows),
                    core::FixedPoint::for_values(bounds.feature, rows)};
  const std::vector<int> cells = {static_cast<int>(what.tree.nodes.size()) * k,
                                  static_cast<int>(what.tree.nodes.size()) * matrix.features(),
                                  static_cast<int>(what.sizes.size()) + 1, static_cast<int>(what.rules.size()),
                                  static_cast<int>(what.rules.size())};
  portfolio::GroupedSums sums = comm::agree(comm, [&] {
    const Pass<T> pass(matrix, local_scores, what, grids);
    return portfolio::local_grouped_sums(
        cells, (matrix.tiles() + block_tiles - 1) / block_tiles,
        [&](std::int64_t b, portfolio::GroupedSums& mine) { pass.add_block(b, mine); });
  });
  sums.reduce(comm);
  RuleCounts counts{by_node(as_counts(sums.of(of_node)), what.tree, k),
                    {},
                    as_counts(sums.of(of_rule)),
                    as_counts(sums.of(of_rule_own))};
  const std::vector<std::vector<core::int128>> features = by_node(sums.of(of_feature), what.tree, matrix.features());
  const double own = grids.cost.value(sums.of(of_cost)[0]);
  for (std::size_t s = 0; s < what.sizes.size(); ++s) {
    const double to_centroids = grids.cost.value(sums.of(of_cost)[s + 1]);
    const double to_means = to_centroids - gain_of_means(counts.of_node, features, what, grids.feature, what.sizes[s]);
    counts.cost.push_back(own > 0.0 ? to_means / own : 1.0);
  }
  return counts;
}

template RuleCounts count_rules<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                       const cluster::Scores&, const Countable&);
template RuleCounts count_rules<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                        const cluster::Scores&, const Countable&);

}  // namespace cardseg::profile
