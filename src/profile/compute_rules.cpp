#include "cardseg/profile/compute_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "profile/best_rules.hpp"
#include "profile/grown_tree.hpp"
#include "profile/rule_counts.hpp"
#include "profile/rule_edges.hpp"
#include "profile/rule_sample.hpp"
#include "profile/threshold_tree.hpp"

namespace cardseg::profile {
namespace {

constexpr std::array growth_factors = {2, 4};
constexpr double worth_a_condition = 0.01;  // of the F measure

double three_decimals(double value) { return std::round(value * 1000.0) / 1000.0; }

// The segments that rules may tell of, and where each is among them.
struct Told {
  std::vector<int> segments;
  std::vector<int> place;  // by segment; -1: withheld, or without customers

  Told(const std::vector<std::int64_t>& customers, const DisclosureOptions& disclosure) {
    const Profile sizes = disclosed_sizes(customers, disclosure);
    for (std::size_t j = 0; j < customers.size(); ++j) {
      const bool is_told = customers[j] > 0 && !sizes.customers[j + 1].is_withheld;
      place.push_back(is_told ? static_cast<int>(segments.size()) : -1);
      if (is_told) segments.push_back(static_cast<int>(j));
    }
  }

  cluster::Centroids of(const cluster::Centroids& centroids) const {
    cluster::Centroids told(static_cast<int>(segments.size()), centroids.features);
    for (int j = 0; j < told.segments; ++j)
      std::copy_n(centroids.row(segments[static_cast<std::size_t>(j)]), centroids.features, told.row(j));
    return told;
  }
};

// Customers that meet a rule, and of these and in all those of its segment.
struct Tally {
  std::int64_t customers = 0;
  std::int64_t own = 0;
  std::int64_t all_own = 0;

  bool is_small(std::int64_t min_cell) const {
    const auto is_few = [&](std::int64_t count) { return count > 0 && count < min_cell; };
    return is_few(own) || is_few(customers - own) || is_few(all_own - own);
  }
  double f_measure() const { return 2.0 * static_cast<double>(own) / static_cast<double>(customers + all_own); }
};

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : std::numeric_limits<double>::quiet_NaN();
}

void set_figures(Rule& rule, const Tally& tally, std::int64_t all) {
  rule.customers = {tally.customers};
  rule.precision = {ratio(tally.own, tally.customers)};
  rule.recall = {ratio(tally.own, tally.all_own)};
  rule.lift = {rule.precision.value / ratio(tally.all_own, all)};
}

void withhold(Figure& figure) { figure = {std::numeric_limits<double>::quiet_NaN(), true}; }

void withhold_shares(Rule& rule) {
  withhold(rule.precision);
  withhold(rule.recall);
  withhold(rule.lift);
}

// Of counts whose sum is known: those of 1 to `min_cell` - 1, and the smallest others until theirs together are no
// fewer, and of more than one.
std::vector<bool> withheld_counts(const std::vector<std::int64_t>& counts, std::vector<bool> is_withheld,
                                  std::int64_t min_cell) {
  for (;;) {
    std::int64_t sum = 0;
    int withheld = 0;
    std::size_t smallest = counts.size();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (is_withheld[i]) {
        sum += counts[i];
        ++withheld;
      } else if (smallest == counts.size() || counts[i] < counts[smallest]) {
        smallest = i;
      }
    }
    if (withheld == 0 || (withheld > 1 && sum >= min_cell) || smallest == counts.size()) return is_withheld;
    is_withheld[smallest] = true;
  }
}

// A condition lower down on the same side of the same feature is the narrower one: it replaces the other.
void add_condition(const Condition& condition, std::vector<Condition>& path) {
  const auto same = std::ranges::find_if(path, [&](const Condition& each) {
    return each.feature == condition.feature && each.is_above == condition.is_above;
  });
  if (same == path.end())
    path.push_back(condition);
  else
    *same = condition;
}

// The leaves of a tree that ends at its first `size` nodes, from the left.
struct Leaf {
  int node = 0;
  std::vector<Condition> path;
};
void add_leaves(const ThresholdTree& tree, std::size_t size, const RuleEdges& edges, Leaf at, int depth,
                std::vector<Leaf>& leaves, int& deepest) {
  const ThresholdTree::Node& node = tree.nodes[static_cast<std::size_t>(at.node)];
  if (node.is_leaf() || static_cast<std::size_t>(node.below) >= size) {
    deepest = std::max(deepest, depth);
    leaves.push_back(std::move(at));
    return;
  }
  for (const bool is_above : {false, true}) {
    Leaf next{node.below + (is_above ? 1 : 0), at.path};
    add_condition(edges.condition(node.feature, node.edge, is_above), next.path);
    add_leaves(tree, size, edges, std::move(next), depth + 1, leaves, deepest);
  }
}

// What is known of everybody once rules are counted.
struct Counted {
  const RuledModel& model;
  const Told& told;
  const ThresholdTree& tree;
  const RuleEdges& edges;
  const RuleCounts& counts;
  std::int64_t all = 0;
  std::int64_t min_cell = 0;
};

Tally tally_of(const Counted& counted, int node, int segment) {
  const std::vector<std::int64_t>& here = counted.counts.of_node[static_cast<std::size_t>(node)];
  const auto j = static_cast<std::size_t>(segment);
  return {std::accumulate(here.begin(), here.end(), std::int64_t{0}), here[j], counted.model.customers[j]};
}

RuleTree tree_of(const Counted& counted, std::size_t size, double cost) {
  RuleTree made;
  made.cost = three_decimals(cost);
  made.own_by_segment.resize(counted.model.customers.size(), {std::numeric_limits<double>::quiet_NaN(), true});
  std::vector<Leaf> leaves;
  add_leaves(counted.tree, size, counted.edges, {}, 0, leaves, made.depth);
  std::int64_t own = 0;
  std::vector<std::int64_t> own_of(counted.model.customers.size());
  for (Leaf& leaf : leaves) {
    const int segment =
        counted.told
            .segments[static_cast<std::size_t>(counted.tree.nodes[static_cast<std::size_t>(leaf.node)].segment)];
    Rule& rule = made.leaves.emplace_back(Rule{segment + 1, std::move(leaf.path), {}, {}, {}, {}});
    const Tally tally = tally_of(counted, leaf.node, segment);
    set_figures(rule, tally, counted.all);
    own += tally.own;
    own_of[static_cast<std::size_t>(segment)] += tally.own;
  }
  made.own_share = three_decimals(ratio(own, counted.all));
  for (const int segment : counted.told.segments) {
    const auto j = static_cast<std::size_t>(segment);
    made.own_by_segment[j] = {ratio(own_of[j], counted.model.customers[j])};
  }
  return made;
}

// Withholds of a tree with a leaf a segment what tells of few customers, by leaf; the nodes of leaves whose number of
// customers is withheld.
std::vector<int> disclose_leaves(RuleTree& tree, const std::vector<int>& nodes, const Counted& counted) {
  std::vector<std::int64_t> customers;
  std::vector<std::int64_t> own;
  std::vector<bool> has_few;
  std::vector<bool> has_few_own;
  for (std::size_t l = 0; l < nodes.size(); ++l) {
    const Tally tally = tally_of(counted, nodes[l], tree.leaves[l].segment - 1);
    customers.push_back(tally.customers);
    own.push_back(tally.own);
    has_few.push_back(tally.customers > 0 && tally.customers < counted.min_cell);
    has_few_own.push_back(has_few.back() || tally.is_small(counted.min_cell));
  }
  has_few = withheld_counts(customers, has_few, counted.min_cell);
  for (std::size_t l = 0; l < nodes.size(); ++l) has_few_own[l] = has_few_own[l] || has_few[l];
  has_few_own = withheld_counts(own, has_few_own, counted.min_cell);
  std::vector<int> withheld;
  for (std::size_t l = 0; l < nodes.size(); ++l) {
    Rule& leaf = tree.leaves[l];
    if (has_few[l]) {
      leaf.customers = {0, true};
      withheld.push_back(nodes[l]);
    }
    if (!has_few_own[l]) continue;
    withhold_shares(leaf);
    withhold(tree.own_by_segment[static_cast<std::size_t>(leaf.segment - 1)]);
  }
  return withheld;
}

std::vector<int> leaf_nodes(const Counted& counted, std::size_t size) {
  std::vector<Leaf> leaves;
  int unused = 0;
  add_leaves(counted.tree, size, counted.edges, {}, 0, leaves, unused);
  std::vector<int> nodes;
  for (const Leaf& leaf : leaves) nodes.push_back(leaf.node);
  return nodes;
}

bool is_below(const ThresholdTree& tree, int node, int above) {
  if (node == above) return true;
  const int below = tree.nodes[static_cast<std::size_t>(above)].below;
  return below >= 0 && (is_below(tree, node, below) || is_below(tree, node, below + 1));
}

// Grown leaves are parts of those of the first tree: their shares would tell of few, one less the other.
void disclose_grown(RuleTree& tree, const RuleTree& first, const std::vector<int>& nodes,
                    const std::vector<int>& withheld, const Counted& counted) {
  for (std::size_t l = 0; l < nodes.size(); ++l) {
    withhold_shares(tree.leaves[l]);
    if (std::ranges::any_of(withheld, [&](int above) { return is_below(counted.tree, nodes[l], above); }))
      tree.leaves[l].customers = {0, true};
  }
  for (std::size_t j = 0; j < tree.own_by_segment.size(); ++j)
    if (first.own_by_segment[j].is_withheld) withhold(tree.own_by_segment[j]);
}

void set_best(const std::vector<Rule>& candidates, const Counted& counted, Rules& rules) {
  rules.best.resize(counted.model.customers.size());
  std::vector<double> best(rules.best.size());
  for (std::size_t r = 0; r < candidates.size(); ++r) {
    const auto j = static_cast<std::size_t>(candidates[r].segment - 1);
    const Tally tally{counted.counts.customers[r], counted.counts.own[r], counted.model.customers[j]};
    if (tally.own == 0 || tally.is_small(counted.min_cell) || tally.f_measure() < best[j] + worth_a_condition) continue;
    best[j] = tally.f_measure();
    rules.best[j] = candidates[r];
    set_figures(*rules.best[j], tally, counted.all);
  }
}

}  // namespace

template <class T>
Rules compute_rules(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, const RuledModel& model,
                    const cluster::Scores& local_scores, std::uint64_t seed, const DisclosureOptions& disclosure) {
  Rules rules;
  rules.min_cell = disclosure.min_cell;
  rules.customers = std::accumulate(model.customers.begin(), model.customers.end(), std::int64_t{0});
  rules.best.resize(model.customers.size());
  const Told told(model.customers, disclosure);
  if (told.segments.size() < 2 || std::ssize(told.segments) > most_tree_segments) return rules;
  const cluster::Centroids centroids = told.of(model.centroids);
  const RuleEdges edges = RuleEdges::between(centroids, model.columns, model.layout, T{});
  ThresholdTree tree = minimise_mistakes(comm, matrix, local_scores, centroids, told.place, edges);
  const RuleSample sample = draw_rule_sample(comm, matrix, model.centroids, edges, seed);
  rules.sampled = std::ssize(sample.segment);
  std::vector<std::size_t> sizes = {tree.nodes.size()};
  std::vector<Rule> candidates;
  comm::agree(comm, [&] {
    for (const int factor : growth_factors) {
      grow(tree, factor * static_cast<int>(told.segments.size()), sample, told.segments, edges, disclosure.min_cell);
      sizes.push_back(tree.nodes.size());
    }
    for (const int segment : told.segments)
      for (std::vector<Condition>& conditions : rule_candidates(sample, segment, edges))
        candidates.push_back({segment + 1, std::move(conditions), {}, {}, {}, {}});
  });
  const RuleCounts counts =
      count_rules(comm, matrix, local_scores, {tree, sizes, told.segments, candidates, edges, model.centroids});
  const Counted counted{model, told, tree, edges, counts, rules.customers, disclosure.min_cell};
  for (std::size_t s = 0; s < sizes.size(); ++s) rules.trees.push_back(tree_of(counted, sizes[s], counts.cost[s]));
  set_best(candidates, counted, rules);
  if (disclosure.is_off()) return rules;
  const std::vector<int> withheld = disclose_leaves(rules.trees[0], leaf_nodes(counted, sizes[0]), counted);
  for (std::size_t s = 1; s < sizes.size(); ++s)
    disclose_grown(rules.trees[s], rules.trees[0], leaf_nodes(counted, sizes[s]), withheld, counted);
  return rules;
}

template Rules compute_rules<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                    const RuledModel&, const cluster::Scores&, std::uint64_t, const DisclosureOptions&);
template Rules compute_rules<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                     const RuledModel&, const cluster::Scores&, std::uint64_t,
                                     const DisclosureOptions&);

}  // namespace cardseg::profile
