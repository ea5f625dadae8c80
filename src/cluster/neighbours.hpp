// Which centroids can be among a customer's two nearest, given its segment and its distance to that segment's centroid.
//
// With r >= |x - c_a| and s_a the distance from c_a to the nearest other centroid, the second nearest lies within r + s_a of x,
// so both lie within 2 r + s_a of c_a: centroids farther from c_a need not be looked at (Exponion; Newling, Fleuret 2016).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"

namespace cardseg::cluster {

/// Centroids by distance from each one. 8 k^2 bytes.
class Neighbours {
 public:
  /// No lists: every centroid is a candidate for everyone.
  explicit Neighbours(int segments);
  /// Cost: k^2 (d + log k), on all threads.
  explicit Neighbours(const Centroids& centroids);

  bool has_lists() const { return !order_.empty(); }
  /// The candidates for customers of segment a whose distance to its centroid is at most `reach`; a = -1: all.
  std::span<const std::int32_t> candidates(int a, float reach) const;

 private:
  int segments_;
  std::vector<std::int32_t> all_;
  std::vector<std::int32_t> order_;  ///< [a][rank], a itself first; empty: no lists
  std::vector<float> distance_;      ///< [a][rank] from c_a, rounded down
  std::vector<float> nearest_;       ///< s_a, rounded up
};

}  // namespace cardseg::cluster
