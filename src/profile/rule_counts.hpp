// How many customers of each segment a tree's leaves and rules have, and what the trees cost: one pass over everybody.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/profile/rules.hpp"
#include "profile/threshold_tree.hpp"

namespace cardseg::profile {

struct RuleCounts {
  std::vector<std::vector<std::int64_t>> of_node;  ///< [node][segment], of all of the tree's nodes
  /// [size]: sum of squared distances to the means of those who are given a segment, by that to the own centroids.
  std::vector<double> cost;
  std::vector<std::int64_t> customers;  ///< [rule]: that meet it
  std::vector<std::int64_t> own;        ///< [rule]: of these, in its segment
};

/// What is counted.
struct Countable {
  const ThresholdTree& tree;
  const std::vector<std::size_t>& sizes;  ///< of the trees that are its first so many nodes
  const std::vector<int>& segments;       ///< of each of the tree's, its segment
  const std::vector<Rule>& rules;         ///< segment and conditions are looked at
  const RuleEdges& edges;
  const cluster::Centroids& centroids;  ///< by segment
};

/// Collective. Costs are of customers of the tree's segments.
template <class T>
RuleCounts count_rules(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                       const cluster::Scores& local_scores, const Countable& what);

}  // namespace cardseg::profile
