// The order in which the customers of a block should lie, so that those whose segment is in doubt share tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "cluster/counting_sort.hpp"

namespace cardseg::cluster {

/// One thread's. 8 bytes a customer of a block.
class DoubtOrder {
 public:
  DoubtOrder(std::int64_t block_rows, int segments);

  /// What the screen answered of the customers of a tile, counted from the block's first.
  void note(std::int64_t tile, const float* slack, const std::int32_t* rival);

  /// The places of these tiles' customers, counted from the block's first: by segment, within a segment those in doubt
  /// first, and among those of much the same doubt by the segment that they may go to. `labels`: of the block.
  /// Preconditions: the tiles were noted, are sorted and not empty. Valid until the next call.
  const std::vector<std::int32_t>& places_of(const std::vector<std::int32_t>& tiles, const std::int32_t* labels);

 private:
  float usual_slack() const;

  int segments_;
  std::vector<float> slack_;  // [place in block], of what was noted
  std::vector<std::int32_t> rival_;
  std::vector<std::int32_t> places_;
  std::vector<std::int32_t> sorted_;
  CountingSort sort_;
};

}  // namespace cardseg::cluster
