// A fast float32 screen in front of the definition: it settles a customer's segment only where that is proven right.
//
// With u = 2^-24, c' = c rounded to float32, S_j = |x - c'_j|^2 exactly and s_j its float32 value (a difference, then d
// steps of fma, or of product and sum, in any case nonnegative terms):
//   s_j = S_j (1 + t), |t| <= (d + 3) u / (1 - (d + 3) u)                 plus d 2^-149 where products underflow
//   | |x - c_j| - sqrt(S_j) | <= |c_j - c'_j| <= u |c_j|                  plus sqrt(d) 2^-150 where c' is denormal
// So with g = (d + 8) u and e = u max_j |c_j| (1 + 2^-10) + 2 sqrt(d) 2^-74, every true distance r_j = |x - c_j| obeys
//   sqrt(s_j) (1 - g) - e <= r_j <= sqrt(s_j) (1 + g) + e
// The share (d + 8) - (d + 3) / 2 >= 7 (in u) of g that this leaves over covers the float32 rounding of the test itself, of the
// square root, and of the definition's own double arithmetic. With s1 <= s2 the two smallest s, the test
//   sqrt(min(s2, FLT_MAX)) (1 - g) - sqrt(s1) (1 + g) > 2 e
// proves that the winner of the screen is the one strictly nearest, hence the segment by the definition.
// Ends: an s that overflowed stands for more than FLT_MAX, hence the min; where s1 did, nothing is settled. A centroid
// beyond float32 makes e larger than any distance: nothing is settled. With k = 1, s2 is infinite. x is finite, so no s
// is NaN; a comparison with NaN would settle nothing.
// d is at most 4096 (g stays below 2^-11). Per customer: 3 k d + 5 k flops in float32, 4 d bytes read.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"

namespace cardseg::cluster {

constexpr int max_features = 4096;

/// Centroids as the screen reads them.
struct ScreenCentroids {
  int segments = 0;
  int features = 0;
  std::vector<float> values;  ///< [ceil(k / 4)][feature][4], padded with zeros
  float relative = 0.0f;      ///< g
  float absolute = 0.0f;      ///< 2 e, rounded up
};

ScreenCentroids make_screen(const Centroids& centroids);

/// Local. For `groups` groups of 4 tiles (64 customers) from `tiles`: winners[i] is the segment, or -1 where the screen
/// cannot settle it. Padded customers get an answer too.
void screen_tiles(const float* tiles, std::int64_t groups, const ScreenCentroids& centroids, std::int32_t* winners);

}  // namespace cardseg::cluster
