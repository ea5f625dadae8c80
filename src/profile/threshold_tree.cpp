#include "profile/threshold_tree.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::profile {
namespace {

using Counts = std::vector<std::int64_t>;  // [centroid][bins of all features]

// Local. Counts by centroid and bin of the customers that `visit` adds: it is asked about every local row. Threads have
// counts of their own.
template <class T, class Visit>
Counts count_bins(const portfolio::FeatureMatrix<T>& matrix, std::size_t cells, Visit visit) {
  Counts counts(cells);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    Counts mine;
    const bool is_ready = failure.guard([&] { mine.resize(cells); });
#pragma omp for schedule(static) nowait
    for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
      const std::int64_t end = std::min(matrix.rows(), (t + 1) * portfolio::tile_rows);
      for (std::int64_t i = t * portfolio::tile_rows; is_ready && i < end; ++i) visit(i, mine);
      matrix.done_with(t);
    }
#pragma omp critical(cardseg_threshold_tree)
    if (is_ready)
      for (std::size_t c = 0; c < cells; ++c) counts[c] += mine[c];
  }
  failure.rethrow();
  return counts;
}

struct Split {
  std::int64_t mistakes = std::numeric_limits<std::int64_t>::max();
  int feature = -1;
  int edge = 0;
};

// The node of each open part of the tree, and its centroids.
struct OpenNode {
  int node = 0;
  std::vector<int> centroids;
};

// What a feature's edges cost a node: its centroids' customers on the other side than their centroid; -1 where all
// centroids are on one side.
std::vector<std::int64_t> mistakes_of(const Counts& counts, const OpenNode& open, const cluster::Centroids& centroids,
                                      const RuleEdges& edges, int feature) {
  const FeatureEdges& of = edges.of(feature);
  std::vector<std::int64_t> mistakes(of.edge.size());
  std::vector<int> below(of.edge.size());
  for (const int j : open.centroids) {
    const std::int64_t* bin = counts.data() + std::int64_t{j} * edges.all_bins() + edges.first_bin(feature);
    std::int64_t all = 0;
    for (int b = 0; b < of.bins(); ++b) all += bin[b];
    std::int64_t up_to = 0;
    for (std::size_t e = 0; e < of.edge.size(); ++e) {
      up_to += bin[e];
      const bool is_below = centroids.row(j)[feature] <= of.edge[e];
      below[e] += is_below ? 1 : 0;
      mistakes[e] += is_below ? all - up_to : up_to;
    }
  }
  for (std::size_t e = 0; e < mistakes.size(); ++e)
    if (below[e] == 0 || below[e] == static_cast<int>(open.centroids.size())) mistakes[e] = -1;
  return mistakes;
}

Split best_split(const Counts& counts, const OpenNode& open, const cluster::Centroids& centroids,
                 const RuleEdges& edges) {
  Split best;
  for (int f = 0; f < edges.features(); ++f) {
    const std::vector<std::int64_t> mistakes = mistakes_of(counts, open, centroids, edges, f);
    int last = -1;  // of the edges that are as good as the best one, right behind it
    for (int e = 0; e < static_cast<int>(mistakes.size()); ++e) {
      const std::int64_t here = mistakes[static_cast<std::size_t>(e)];
      if (here >= 0 && here < best.mistakes) {
        best = {here, f, e};
        last = e;
      } else if (last >= 0 && here == best.mistakes && last == e - 1) {
        last = e;
      }
    }
    if (last >= 0) best.edge += (last - best.edge) / 2;
  }
  return best;
}

// Splits a level's nodes that can be split; which customers go on is for who sees them. [centroid]: how it was split.
std::vector<Split> split_level(const Counts& counts, const cluster::Centroids& centroids, const RuleEdges& edges,
                               ThresholdTree& tree, std::vector<OpenNode>& level) {
  std::vector<Split> split_of(static_cast<std::size_t>(centroids.segments));
  std::vector<OpenNode> next;
  for (const OpenNode& open : level) {
    const Split split = open.centroids.size() > 1 ? best_split(counts, open, centroids, edges) : Split{};
    if (split.feature < 0) continue;
    const double edge = edges.of(split.feature).edge[static_cast<std::size_t>(split.edge)];
    OpenNode below{static_cast<int>(tree.nodes.size()), {}};
    OpenNode above{below.node + 1, {}};
    for (const int j : open.centroids) {
      (centroids.row(j)[split.feature] <= edge ? below : above).centroids.push_back(j);
      split_of[static_cast<std::size_t>(j)] = split;
    }
    tree.split(open.node, split.feature, split.edge, below.centroids.front(), above.centroids.front());
    next.push_back(std::move(below));
    next.push_back(std::move(above));
  }
  level = std::move(next);
  return split_of;
}

// Customers and where their own centroids are.
template <class T>
class Walk {
 public:
  Walk(const portfolio::FeatureMatrix<T>& matrix, const cluster::Scores& scores, const cluster::Centroids& centroids,
       const std::vector<int>& place, const RuleEdges& edges)
      : matrix_(matrix),
        scores_(scores),
        centroids_(centroids),
        place_(place),
        edges_(edges),
        is_lost_(static_cast<std::size_t>(matrix.rows())) {}

  // Of all customers that count.
  Counts count() const {
    return count_bins(matrix_, cells(), [&](std::int64_t i, Counts& mine) {
      if (const int j = own(i); j >= 0) add(i, j, mine);
    });
  }

  // Of those whom a level's splits separate from their centroids; they are lost from now on.
  Counts lose(const std::vector<Split>& split_of) {
    return count_bins(matrix_, cells(), [&](std::int64_t i, Counts& mine) {
      const int j = own(i);
      if (j < 0 || is_lost_[static_cast<std::size_t>(i)] != 0) return;
      const Split& split = split_of[static_cast<std::size_t>(j)];
      if (split.feature < 0) return;
      const double edge = edges_.of(split.feature).edge[static_cast<std::size_t>(split.edge)];
      const bool is_below = static_cast<double>(matrix_.at(i, split.feature)) <= edge;
      if (is_below == (centroids_.row(j)[split.feature] <= edge)) return;
      is_lost_[static_cast<std::size_t>(i)] = 1;
      add(i, j, mine);
    });
  }

 private:
  std::size_t cells() const {
    return static_cast<std::size_t>(centroids_.segments) * static_cast<std::size_t>(edges_.all_bins());
  }
  int own(std::int64_t i) const {
    return place_[static_cast<std::size_t>(scores_.segment[static_cast<std::size_t>(i)])];
  }
  void add(std::int64_t i, int j, Counts& counts) const {
    std::int64_t* const row = counts.data() + std::int64_t{j} * edges_.all_bins();
    for (int f = 0; f < edges_.features(); ++f)
      ++row[edges_.first_bin(f) + edges_.bin(f, static_cast<double>(matrix_.at(i, f)))];
  }

  const portfolio::FeatureMatrix<T>& matrix_;
  const cluster::Scores& scores_;
  const cluster::Centroids& centroids_;
  const std::vector<int>& place_;
  const RuleEdges& edges_;
  std::vector<std::uint8_t> is_lost_;
};

}  // namespace

void ThresholdTree::split(int node, int feature, int edge, int below_segment, int above_segment) {
  Node& parent = nodes[static_cast<std::size_t>(node)];
  parent.feature = feature;
  parent.edge = edge;
  parent.below = static_cast<int>(nodes.size());
  nodes.push_back({below_segment});
  nodes.push_back({above_segment});
}

template <class T>
ThresholdTree minimise_mistakes(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                const cluster::Scores& local_scores, const cluster::Centroids& centroids,
                                const std::vector<int>& place, const RuleEdges& edges) {
  std::optional<Walk<T>> walk;
  Counts counts = comm::agree(comm, [&] {
    walk.emplace(matrix, local_scores, centroids, place, edges);
    return walk->count();
  });
  comm.allreduce_sum(std::span(counts));
  ThresholdTree tree{{{}}};
  std::vector<OpenNode> level = {{}};
  for (int j = 0; j < centroids.segments; ++j) level.front().centroids.push_back(j);
  for (;;) {
    const std::vector<Split> split_of = split_level(counts, centroids, edges, tree, level);
    if (std::ranges::none_of(level, [](const OpenNode& open) { return open.centroids.size() > 1; })) return tree;
    Counts lost = comm::agree(comm, [&] { return walk->lose(split_of); });
    comm.allreduce_sum(std::span(lost));
    for (std::size_t c = 0; c < counts.size(); ++c) counts[c] -= lost[c];
  }
}

template ThresholdTree minimise_mistakes<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                                const cluster::Scores&, const cluster::Centroids&,
                                                const std::vector<int>&, const RuleEdges&);
template ThresholdTree minimise_mistakes<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                                 const cluster::Scores&, const cluster::Centroids&,
                                                 const std::vector<int>&, const RuleEdges&);

}  // namespace cardseg::profile
