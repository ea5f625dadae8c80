// The vector kernels that look at whole columns: ranges, sums and squares of every feature, tile by tile.
//
// Lanes are customers: each function works on [feature][16] results, one for each place in a tile, which the caller
// combines; minima, maxima and integer sums do not depend on how. Tiles are full: who has padded customers leaves their
// tile out. Per customer and feature: 1 to 4 flops, 4 or 8 bytes read.
#pragma once

#include <cstdint>

namespace cardseg::cluster {

/// Tiles whose rounded values one int64 takes: 2^12 values of up to 2^50.
constexpr std::int64_t column_block_tiles = 256;

/// Full tiles as in FeatureMatrix, one after the other.
template <class T>
struct TileRun {
  const T* values = nullptr;
  std::int64_t tiles = 0;
  int features = 0;
};

/// Local. Widens [lowest, highest] to the values.
template <class T>
void widen_ranges(const TileRun<T>& run, T* lowest, T* highest);

/// Local. sums += FixedPoint::round(x), factors by feature.
template <class T>
void add_values(const TileRun<T>& run, const double* factors, std::int64_t* sums);

/// Local. sums += FixedPoint::round((x - mean)^2), means and factors by feature.
template <class T>
void add_squares(const TileRun<T>& run, const double* means, const double* factors, std::int64_t* sums);

}  // namespace cardseg::cluster
