// How a customer's features are rounded to the grids and added, several features at once.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::cluster {

/// One entry a feature, padded to a multiple of 8 with entries that add 0.
struct MovePlan {
  std::vector<double> factors;        ///< FixedPoint::factor
  std::vector<std::int32_t> offsets;  ///< where the feature lies from the customer's first one
};

/// Customers of one tile that move between segments.
struct TileMoves {
  std::uint32_t lanes = 0;             ///< bit i: the customer in lane i moves
  const std::int32_t* from = nullptr;  ///< [lane]; < 0: it was in no segment
  const std::int32_t* to = nullptr;    ///< [lane]
};

/// Customers of one tile whose winner is another one than their label. Bit i: lane i.
struct ChangedLanes {
  std::uint32_t settled = 0;
  std::uint32_t unsettled = 0;  ///< the winner is below 0
};

/// Local. Both [lane].
ChangedLanes compare_labels(const std::int32_t* winner, const std::int32_t* label);

/// Local. For each customer that moves and all entries of the plan: sums[to][entry] += round(x), sums[from][entry] -= round(x).
void move_customers(const float* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* sums);
void move_customers(const double* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* sums);

}  // namespace cardseg::cluster
