// What is known of the 16 customers of each tile.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "cluster/movement.hpp"

namespace cardseg::cluster {

/// 12 bytes a tile. Bounds are kept relative to the movement so far, so that they need no touching while centroids move.
class TileBounds {
 public:
  /// Nothing is known: every tile is open.
  explicit TileBounds(std::int64_t tiles)
      : slack_(static_cast<std::size_t>(tiles), -std::numeric_limits<float>::infinity()),
        reach_(slack_.size(), std::numeric_limits<float>::infinity()),
        segment_(slack_.size(), -1) {}

  /// True where a customer of the tile may have changed segment since it was measured.
  bool is_open(std::int64_t t, const Movement& movement) const {
    const auto at = static_cast<std::size_t>(t);
    return !(slack_[at] > movement.loss(segment_[at]));
  }
  /// The segment of all of the tile's customers, or -1 where they have several.
  std::int32_t segment(std::int64_t t) const { return segment_[static_cast<std::size_t>(t)]; }
  /// At least the distance of each of the tile's customers to their centroid.
  float reach(std::int64_t t, const Movement& movement) const {
    const auto at = static_cast<std::size_t>(t);
    return (reach_[at] + movement.path(segment_[at])) * (1 + 0x1p-22f);
  }
  /// The tile was measured: slack >= 0 and reach >= 0 of its customers, as ScreenAnswer has them.
  void measured(std::int64_t t, std::int32_t segment, float slack, float reach, const Movement& movement) {
    const auto at = static_cast<std::size_t>(t);
    const float path = movement.path(segment);
    segment_[at] = segment;
    slack_[at] = (slack + movement.loss(segment)) * (1 - 0x1p-22f);
    reach_[at] = reach - path + (reach + path) * 0x1p-22f;
  }
  /// Nobody real is in the tile.
  void close(std::int64_t t) { slack_[static_cast<std::size_t>(t)] = std::numeric_limits<float>::infinity(); }

 private:
  std::vector<float> slack_;  ///< plus the loss at that time
  std::vector<float> reach_;  ///< minus the path at that time
  std::vector<std::int32_t> segment_;
};

}  // namespace cardseg::cluster
