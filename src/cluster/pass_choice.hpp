// What the next pass of a model is: whether customers are compared with all segments, put in order, or skipped by
// bounds.
#pragma once

#include <cstdint>
#include <optional>

#include "cardseg/cluster/options.hpp"
#include "cluster/block_pass.hpp"

namespace cardseg::cluster {

/// plain: everybody is compared. ordering: the same, and customers whose segment is in doubt come to share tiles.
/// bounded: tiles whose bounds prove that nobody leaves are skipped.
enum class PassKind { plain, ordering, bounded };

/// Of a model on one rank.
struct ModelShape {
  std::int64_t rows = 0;
  int features = 0;
  int segments = 0;
  int groups = 0;  ///< of centroids, a bound for each
};

/// Local. Takes up bounds where samples of slack say that they will pay, gives them up where they do not, and says when
/// customers need a new order. Nothing of it changes a result.
class PassChoice {
 public:
  PassChoice(Algorithm algorithm, const ModelShape& shape);

  PassKind kind() const { return kind_; }
  /// What is done with a block. `has_moved`: centroids have, so ordering can tell who is in doubt.
  BlockMode mode_of(std::int64_t block, bool has_moved) const;

  /// After a pass, what it counted.
  void end_pass(const PassCounts& counts, const BlockTally& tally, bool has_moved);

  /// After centroids moved. `open_share`: of the sampled customers, those that bounds would have left in doubt; none
  /// where there was no sample.
  void weigh_bounds(std::optional<double> open_share, int passes_left);

 private:
  void review_bounds(const PassCounts& counts, const BlockTally& tally);
  double cost_of(double distance_share) const;

  Algorithm algorithm_;
  ModelShape shape_;
  PassKind kind_;
  bool wants_samples_;  // of the next pass
  std::int64_t last_moved_ = 0;
  int passes_in_order_ = 0;
  int passes_bounded_ = 0;
  int restraint_ = 2;  // passes to wait after bounds did not pay
  int waiting_ = 0;
};

}  // namespace cardseg::cluster
