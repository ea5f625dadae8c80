// A binary tree of thresholds that gives every customer a segment, and the one with a leaf a segment that separates the
// fewest customers from their own centroid.
//
//   at a node with centroids U: over features f and edges e that leave centroids on both sides, the fewest
//   #{x : x's own centroid is in U, and lies on the other side of e than x}
// Dasgupta, Frost, Moshkovitz, Rashtchian 2020. Customers that were separated are counted no more further down. Ties:
// the first feature; of its best edges next to each other the one in the middle.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "profile/rule_edges.hpp"

namespace cardseg::profile {

struct ThresholdTree {
  struct Node {
    int segment = 0;  ///< among the centroids, from 0: what customers get where the tree ends here
    int feature = -1;
    int edge = 0;  ///< of the feature's: x <= it goes to `below`, others to the node behind that
    int below = -1;

    bool is_leaf() const { return below < 0; }
  };
  /// The root first, parents before children. So the tree that ends at its first n nodes is a tree as well, where nodes
  /// were added in twos.
  std::vector<Node> nodes;

  /// Makes a node's children, with these segments.
  void split(int node, int feature, int edge, int below_segment, int above_segment);
  int leaves() const { return (static_cast<int>(nodes.size()) + 1) / 2; }

  /// The last node on a customer's way among the first `size` nodes, and so its leaf in the tree of these.
  template <class Feature>
  int leaf_of(const RuleEdges& edges, std::size_t size, Feature feature) const {
    int at = 0;
    for (;;) {
      const Node& node = nodes[static_cast<std::size_t>(at)];
      if (node.is_leaf() || static_cast<std::size_t>(node.below) >= size) return at;
      const double edge = edges.of(node.feature).edge[static_cast<std::size_t>(node.edge)];
      at = feature(node.feature) <= edge ? node.below : node.below + 1;
    }
  }
};

/// Collective. `place`: of each segment, that of its centroid among `centroids`; -1: its customers do not count. A leaf
/// has one centroid, but where no edge lies between two.
template <class T>
ThresholdTree minimise_mistakes(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                const cluster::Scores& local_scores, const cluster::Centroids& centroids,
                                const std::vector<int>& place, const RuleEdges& edges);

}  // namespace cardseg::profile
