// How a customer's features are rounded to the grids and added, several features at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cardseg::cluster {

/// One entry a feature, padded to a multiple of 8 with entries that add 0.
struct MovePlan {
  std::size_t features = 0;           ///< without the padding
  std::vector<double> factors;        ///< FixedPoint::factor
  std::vector<std::int32_t> offsets;  ///< where the feature lies from the customer's first one
};

/// Customers of one tile that move between segments.
struct TileMoves {
  std::uint32_t lanes = 0;             ///< bit i: the customer in lane i moves
  const std::int32_t* from = nullptr;  ///< [lane]; < 0: it was in no segment
  const std::int32_t* to = nullptr;    ///< [lane]
};

/// A customer that moves between segments.
template <class T>
struct Mover {
  const T* customer;  ///< its first feature; the others follow as the plan's offsets say
  std::int32_t from;  ///< < 0: it was in no segment
  std::int32_t to;
};

/// Local. For each customer that moves and all entries of the plan: rows[1 + to][entry] += round(x) and
/// rows[1 + from][entry] -= round(x), from = -1 where it is below 0.
void move_customers(std::span<const Mover<float>> movers, const MovePlan& plan, std::int64_t* rows);
void move_customers(std::span<const Mover<double>> movers, const MovePlan& plan, std::int64_t* rows);
/// The same for many customers of one tile; they are rounded together.
void move_customers(const float* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* rows);
void move_customers(const double* tile, const MovePlan& plan, const TileMoves& moves, std::int64_t* rows);

}  // namespace cardseg::cluster
