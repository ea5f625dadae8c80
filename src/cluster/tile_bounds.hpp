// What is known of the 16 customers of each tile: their segment, and how much nearer their own centroid is than others.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "cluster/movement.hpp"

namespace cardseg::cluster {

/// At most most_groups groups. 4 (groups + 1) bytes a tile. gap(t, g): over the customers of tile t and the centroids j
/// of group g that are not their own, at least this much is distance to j minus distance to the own centroid.
class TileBounds {
 public:
  static constexpr int most_groups = 64;
  static constexpr float path_above = 1 + 0x1p-22f;  ///< for the rounding of a sum of two paths

  /// Nothing is known: every group of every tile is open.
  TileBounds(std::int64_t tiles, int groups)
      : groups_(static_cast<std::size_t>(groups)),
        gaps_(static_cast<std::size_t>(tiles) * groups_ + read_beyond, unknown),
        segment_(static_cast<std::size_t>(tiles), -1) {}

  /// The segment of all of the tile's customers, or -1 where they have several.
  std::int32_t segment(std::int64_t t) const { return segment_[static_cast<std::size_t>(t)]; }

  /// open[i]: bit g is set where a customer of tile first + i may have gone to group g since it was measured.
  void find_open_groups(std::int64_t first, const Movement& movement, std::span<std::uint64_t> open) const;

  /// The customers of the tile may have another segment than before; gaps to groups that are not measured now stay.
  void set_segment(std::int64_t t, std::int32_t segment, const Movement& movement) {
    std::int32_t& known = segment_[static_cast<std::size_t>(t)];
    if (known == segment) return;
    // Those who changed are nearer to their own centroid than before: gaps hold, and from now on lose by the new path.
    const float before = movement.path(known);
    const float after = movement.path(segment);
    for (float& gap : gaps(t)) gap = gap - before + after - (std::max(gap, 0.0f) + before + after) * 0x1p-21f;
    known = segment;
  }
  /// The least gap to the centroids of group g, measured now; below 0 where it is not known.
  void set_gap(std::int64_t t, int g, float gap, const Movement& movement) {
    const float paths = lost(movement.path(segment(t)), movement.group_paths()[static_cast<std::size_t>(g)]);
    gaps(t)[static_cast<std::size_t>(g)] = gap < 0 ? unknown : (gap + paths) * (1 - 0x1p-22f);
  }
  void forget(std::int64_t t) { std::ranges::fill(gaps(t), unknown); }
  /// Nobody real is in the tile.
  void close(std::int64_t t) { std::ranges::fill(gaps(t), std::numeric_limits<float>::infinity()); }

 private:
  static constexpr float unknown = -std::numeric_limits<float>::infinity();
  static constexpr std::size_t read_beyond = 16;  // by vectors

  static float lost(float own_path, float group_path) { return (own_path + group_path) * path_above; }
  std::span<float> gaps(std::int64_t t) { return {gaps_.data() + static_cast<std::size_t>(t) * groups_, groups_}; }

  std::size_t groups_;
  std::vector<float> gaps_;  ///< plus what was lost so far
  std::vector<std::int32_t> segment_;
};

}  // namespace cardseg::cluster
