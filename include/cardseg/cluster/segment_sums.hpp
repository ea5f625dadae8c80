// What a Lloyd iteration adds up over customers: exact sums of features and counts, by segment.
//
// A customer that changes segment is subtracted from one and added to the other; integers make that exact, so after the
// first pass only movers are touched. One allreduce an iteration: k (d w + 1) + 3 integers of 64 bits for each model, w
// = 1, or
// 2 where sums are wide.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/move_plan.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// The grids to which features are rounded before they are added, one a feature; the same on all ranks.
struct SumGrids {
  std::vector<core::FixedPoint> feature;
  std::vector<double> lowest;      ///< by feature, over all customers
  std::vector<double> highest;     ///< likewise
  bool is_wide = false;            ///< a sum of any feature may need more than 64 bits
  std::int64_t max_additions = 0;  ///< additions that every feature's int64 can take
};

/// Collective. One pass over the matrix.
template <class T>
SumGrids make_grids(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix);

/// Exact sums and counts of some customers (a rank's, or all) by segment.
struct SegmentSums {
  int segments = 0;
  int features = 0;
  std::vector<core::int128> sums;    ///< [segment][feature], in quanta of the feature's grid
  std::vector<std::int64_t> counts;  ///< [segment]

  SegmentSums(int k, int d)
      : segments(k),
        features(d),
        sums(static_cast<std::size_t>(k) * static_cast<std::size_t>(d)),
        counts(static_cast<std::size_t>(k)) {}

  /// Moves the customer with these rounded features; from < 0: it was in no segment.
  void move(const std::int64_t* rounded, int from, int to);
};

/// What changed in one pass; travels with the sums.
struct PassCounts {
  std::int64_t moved = 0;      ///< customers that changed segment
  std::int64_t unsettled = 0;  ///< customers that the screen left to the definition
  std::int64_t distances = 0;  ///< distances computed; without bounds customers times segments
};

/// What one model's pass found on a rank, or on all.
struct ModelPass {
  SegmentSums sums;
  PassCounts counts;
};

/// Collective, one allreduce for all models: local values become global ones, and each of `further` its sum.
void reduce(const comm::Communicator& comm, const SumGrids& grids, std::span<ModelPass> models,
            std::span<std::int64_t> further = {});

/// The mean of each segment; an empty segment keeps its row of `centroids`.
void update_centroids(const SumGrids& grids, const SegmentSums& global_sums, Centroids& centroids);

/// Adds up moves in 64 bits and empties them into 128 before they could overflow. One a thread.
class MoveAccumulator {
 public:
  MoveAccumulator(const SumGrids& grids, int segments);

  /// Customers of one tile.
  template <class T>
  void move(const T* tile, const TileMoves& moves);
  /// Customers here and there: faster than by tile where a tile has few. At most SumGrids::max_additions at once.
  template <class T>
  void move(std::span<const Mover<T>> movers);
  /// Adds everything gathered so far to `sums`; call it once at the end, under a lock where threads share `sums`.
  void empty_into(SegmentSums& sums);

 private:
  void make_room(std::int64_t movers);
  void count(std::int32_t from, std::int32_t to);
  void spill();

  std::int64_t max_additions_;
  std::size_t stride_ = 0;  ///< of a segment in narrow_
  MovePlan plan_;
  std::int64_t pending_ = 0;
  std::vector<std::int64_t> narrow_;  ///< [1 + segment][entry of the plan]; the first row takes what comes from nowhere
  SegmentSums wide_;
};

}  // namespace cardseg::cluster
