// Which customers of a rank are in which segment, and the passes that find out.
//
// A pass gives every customer the segment of the definition (nearest.hpp). What it costs differs:
//   plain: all customers are screened against all centroids.
//   bounded: a tile of 16 customers whose bounds (tile_bounds.hpp) show that none of them can have changed segment is
//   not even
//     read; the others are compared with the groups of centroids alone that one of their customers may have gone to.
// Before bounds are taken up, and rarely after that, customers change places in their block of tiles
// (customer_order.hpp): by segment, and those in doubt side by side, so that the others fill tiles that can be skipped
// whole. Memory a customer: 4 bytes (label); with bounds 2 bytes more (place) and 4 (groups + 1) / 16, at most 17.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

template <class T>
class Passes;

/// One model's customers on one rank. Everything here is local.
template <class T>
class Assigner {
 public:
  /// No customer has a segment yet. While this object lives, customers of `matrix` may lie in another order; nobody
  /// else may use the matrix meanwhile, except after `in_row_order()`.
  /// Where it shares passes with other models, they are plain: the order that serves one model's bounds serves no
  /// other's.
  Assigner(portfolio::FeatureMatrix<T>& matrix, const SumGrids& grids, int segments, Algorithm algorithm,
           bool shares_passes = false);
  /// Restores the order.
  ~Assigner();
  Assigner(const Assigner&) = delete;
  Assigner& operator=(const Assigner&) = delete;

  /// Every customer gets its segment; those that change it move in `local_sums`. Returns what this rank did.
  PassCounts pass(const Centroids& centroids, SegmentSums& local_sums);
  /// To be called between two passes: the centroids of the last pass, and those of the next. `passes_left`: how many
  /// there may be at most; bounds that could not be repaid are not taken up.
  void moved(const Centroids& before, const Centroids& after, int passes_left);

  /// Puts customers back in their order; labels()[i] is then the segment of local row i, until the next pass.
  void in_row_order();
  const std::vector<std::int32_t>& labels() const;
  /// Gives a customer another segment than the nearest. Precondition: in_row_order().
  void relabel(std::int64_t local_row, int segment);

 private:
  struct State;
  friend class Passes<T>;
  std::unique_ptr<State> state_;
};

/// What a model's pass reads and changes.
template <class T>
struct AssignerPass {
  Assigner<T>* assigner;
  const Centroids* centroids;
  SegmentSums* local_sums;
};

/// Local. Assigner::pass() of several models on the same matrix, all made to share passes: four tiles serve all of them
/// while they are in cache.
template <class T>
std::vector<PassCounts> pass_together(std::span<const AssignerPass<T>> models);

}  // namespace cardseg::cluster
