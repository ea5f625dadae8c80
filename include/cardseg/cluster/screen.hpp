// A fast float32 screen in front of the definition: it settles a customer's segment only where that is proven right.
//
// Features and centroids are rounded to float32: x', c'. u = 2^-24, C = max_j |c_j|. Two forms of the same score:
//
// products: s_j = |c_j|^2 / 2 - x.c_j = (|x - c_j|^2 - |x|^2) / 2, one fma a feature. Rounding h_j = |c_j|^2 / 2 costs
// u h_j,
//   rounding c_j costs u |x| |c_j|, rounding x (where features are doubles) the same again, and the d fmas at most
//   d u (1 + d u) (h_j + |x| |c_j|), each plus d 2^-149 where numbers underflow. So with q = |x|^2 as float32 sums it
//   up
//     |computed s_j - s_j| <= E = (d + 4) u (1 + 2^-10) (C^2 / 2 + |x| C) + tiny,   2 E <= K1 + K2 q
//   where K2 = (d + 8) u (1 + 2^-9) and K1 = 2 C^2 K2 + tiny (2 |x| C <= |x|^2 + C^2). The winner is certain where s2 -
//   s1 > K1 + K2 q. The 4 u of K2 that are left over cover q's own rounding, the test's, and the definition's in double
//   precision. Where 2 C^2 + q reaches 2^120 something could overflow: nothing is settled.
// differences: s_j = |x - c'_j|^2, a subtraction and an fma a feature:
//   s_j = S_j (1 + t), |t| <= (d + 3) u / (1 - (d + 3) u), S_j = |x - c'_j|^2 exactly, plus d 2^-149 where products
//   underflow | |x - c_j| - sqrt(S_j) | <= u |c_j| (plus u |x| for double features), plus sqrt(d) 2^-150 where c' is
//   denormal With g = (d + 8) u and e = u C (1 + 2^-10) + 2 sqrt(d) 2^-74 every true distance r_j = |x - c_j| obeys
//     sqrt(s_j) (1 - g) - e <= r_j <= sqrt(s_j) (1 + g) + e
//   and sqrt(min(s2, FLT_MAX)) (1 - g) - sqrt(s1) (1 + g) > 2 e proves the winner. g's share above (d + 3) / 2 covers
//   the rest.
// products need half the arithmetic but their error grows with |x| C; differences stay sharp far from the origin, for
// float features only. d is at most 4096. Per customer: 2 k d (products) or 3 k d (differences) flops, 5 k for the two
// best.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

constexpr int max_features = 4096;

enum class ScreenForm { products, differences };

/// Centroids as the screen reads them.
struct ScreenCentroids {
  ScreenForm form = ScreenForm::products;
  int segments = 0;
  int features = 0;
  std::vector<float> values;      ///< [segment][feature]
  std::vector<float> half_norms;  ///< |c|^2 / 2
  float relative = 0.0f;          ///< K2, or g
  float absolute = 0.0f;          ///< K1, or 2 e, rounded up
  float overflow = 0.0f;          ///< products: q from which nothing is settled
};

ScreenCentroids make_screen(const Centroids& centroids, ScreenForm form = ScreenForm::products);

constexpr int screen_rows = 4 * portfolio::tile_rows;

/// What an answer holds beside the winners: nothing, slack, slack and rivals, slack and gaps.
enum class ScreenDetail { none, slack, rivals, gaps };

/// What is asked of one call: up to four tiles of 16 customers against some of the centroids.
struct ScreenTask {
  const float* tiles[4];           ///< each features x 16, as in FeatureMatrix; all four are read
  const float* next[4] = {};       ///< tiles that a call soon will read: fetched meanwhile; all null: nothing is
  const std::int32_t* candidates;  ///< centroids to compare, in any order; each customer's nearest one is among them
  int count = 0;                   ///< how many
  float* scores = nullptr;         ///< ScreenDetail::rivals and gaps: room for count x 64, 64-byte aligned
  const std::int32_t* labels[4] = {};  ///< of each tile, [lane]; null: nobody has one
  int group_size = 1;                  ///< ScreenDetail::gaps: so many candidates in a row share a gap; the last fewer
};

/// The answer for 64 customers. Padded ones get one too. Distances are true ones (not squared), rounded outward.
struct ScreenAnswer {
  alignas(64) std::int32_t winner[screen_rows];  ///< the segment, or -1 where the screen cannot settle it
  std::uint64_t unsettled = 0;                   ///< bit i: winner[i] is -1
  std::uint64_t changed = 0;                     ///< bit i: winner[i] is not the label; 0 without labels
  /// At most the distance to the second nearest candidate minus that to the nearest; 0 where unsettled.
  alignas(64) float slack[screen_rows];
  alignas(64)
      std::int32_t rival[screen_rows];  ///< ScreenDetail::rivals: the second nearest, as near as the screen can tell
};

/// Local. With ScreenDetail::gaps also gaps[tile * groups + g] = at most the least, over the 16 customers of the tile
/// and the candidates of group g that are not their own segment, distance to that candidate minus distance to their
/// own; below 0 where a customer of the tile is unsettled. groups = count / group_size, rounded up.
void screen(const ScreenCentroids& centroids, const ScreenTask& task, ScreenDetail detail, ScreenAnswer& answer,
            float* gaps = nullptr);

}  // namespace cardseg::cluster
