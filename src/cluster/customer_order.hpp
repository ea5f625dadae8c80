// Customers change places inside blocks, so that those whose segment is in doubt share tiles; the way back is kept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// A block is a run of tiles that fits the second-level cache; customers never leave theirs. 2 bytes a customer.
class CustomerOrder {
 public:
  /// `row_bytes`: features of a customer. Blocks are a multiple of 4 tiles, at most 65,536 customers.
  CustomerOrder(std::int64_t tiles, std::int64_t row_bytes, int segments, int threads);

  std::int64_t blocks() const { return (tiles_ + block_tiles_ - 1) / block_tiles_; }
  std::int64_t block_tiles() const { return block_tiles_; }
  /// The tiles of block b.
  std::int64_t first_tile(std::int64_t b) const { return b * block_tiles_; }
  std::int64_t end_tile(std::int64_t b) const { return std::min(tiles_, (b + 1) * block_tiles_); }

  /// To be called once, by one thread, before the first `rearrange` and after a `restore`.
  void begin();

  /// Local. Moves the customer at places[i] to the i-th place of `tiles`, for all i; all of them are places of block b,
  /// counted from its first customer, and `places` holds each place of `tiles` once. Labels move too.
  template <class T>
  void rearrange(portfolio::FeatureMatrix<T>& matrix, std::int64_t b, std::span<const std::int32_t> tiles,
                 std::span<const std::int32_t> places, std::span<std::int32_t> labels);

  /// Local. Everyone goes back to their own place.
  template <class T>
  void restore(portfolio::FeatureMatrix<T>& matrix, std::span<std::int32_t> labels);

 private:
  std::int64_t tiles_;
  std::int64_t block_tiles_;
  std::vector<std::uint16_t> origin_;  ///< [place]: where in its block the customer belongs; empty: all in place
};

/// How customers lie between two places: four features of one customer side by side, [feature / 4][16][4] for a tile;
/// where the number of features is no multiple of 4, some come twice.
constexpr std::int64_t quad_features = 4;
constexpr std::int64_t quad_values(std::int64_t features) {
  return (features + quad_features - 1) / quad_features * 64;
}

/// Local. A tile as quads.
void to_quads(const float* tile, int features, float* quads);
void to_quads(const double* tile, int features, double* quads);

/// Local. The tile of the customers whose first quads these are.
void from_quads(const float* const* customers, int features, float* tile);
void from_quads(const double* const* customers, int features, double* tile);

}  // namespace cardseg::cluster
