// The vector kernels of a seeding: squared distances D to the nearest chosen point and their integer masses, by tiles.
//
//   distances[i] = min(distances[i], |x_i - p|^2) by the definition (nearest.hpp); mass[i] =
//   FixedPoint::round(distances[i])
//
// Padded customers have distance 0 from the start, and keep it: they have no mass. At most `mass_block_tiles` tiles a
// call, so that a sum of masses fits 64 bits. Per customer and point: 3 d flops, 4 d or 8 d bytes read, 16 bytes of
// distances.
#pragma once

#include <cstdint>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/core/philox.hpp"

namespace cardseg::cluster {

constexpr std::int64_t mass_block_tiles = 256;

/// Tiles as in FeatureMatrix, one after the other, and the distances of their customers.
template <class T>
struct MassBlock {
  const T* values = nullptr;
  std::int64_t tiles = 0;
  int features = 0;
  double* distances = nullptr;
  double factor = 0.0;  ///< FixedPoint::factor of the grid of masses
};

/// Of a block's distances.
struct BlockMass {
  double largest = 0.0;
  std::int64_t mass = 0;  ///< sum of the rounded distances; means nothing where one is above the grid's maximum
};

/// Local. Lowers the distances by one point.
template <class T>
BlockMass lower_distances(const MassBlock<T>& block, const double* point);

/// Local. Lowers the distances by points[winners[i]]; numbers[i] becomes first_number + winners[i] where that lowers
/// it.
template <class T>
BlockMass lower_to_winners(const MassBlock<T>& block, const Centroids& points, const std::int32_t* winners,
                           std::int32_t first_number, std::int32_t* numbers);

/// Local. masses[j] += the block's mass if point j were added; the distances stay.
template <class T>
void add_masses_with(const MassBlock<T>& block, const Centroids& points, std::int64_t* masses);

/// Local. bits[i] = random.bits(first_row + i, draw) for the 16 * tiles rows from first_row on.
void draw_for_rows(const core::RowRandom& random, std::uint32_t draw, std::int64_t first_row, std::int64_t tiles,
                   std::uint64_t* bits);

/// Local. The sum of 16 * tiles rounded distances.
std::int64_t sum_masses(const double* distances, std::int64_t tiles, double factor);

}  // namespace cardseg::cluster
