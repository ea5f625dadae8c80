// The definition of a customer's segment, for whole tiles, in double precision.
//
//   D_j = sum over features f, in order, of (x_f - c_jf)^2: one accumulator, one fma a feature, starting from 0
//   first = the lowest j with the smallest D_j; second = the lowest j != first with the smallest D_j
//
// Everything that names a segment in any output comes from here. Per customer: 3 k d flops, 4 d or 8 d bytes read.
#pragma once

#include <cstdint>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// The answer for the 16 customers of a tile. `second` is -1 and its distance infinite where k = 1.
struct NearestTile {
  alignas(64) double first_distance[portfolio::tile_rows];   ///< squared
  alignas(64) double second_distance[portfolio::tile_rows];  ///< squared
  alignas(64) std::int32_t first[portfolio::tile_rows];
  alignas(64) std::int32_t second[portfolio::tile_rows];
};

/// Local. `tile` as in FeatureMatrix: centroids.features x 16 values. Padded customers get an answer too: mask it.
/// The same bits on every vector width. T is float or double. Precondition: features and centroids up to 1e150 in
/// magnitude, so that distances are finite: of infinite ones none is the smallest.
template <class T>
void find_nearest(const T* tile, const Centroids& centroids, NearestTile& answer);

/// Local. distances[i] = min(distances[i], D(customer i, point)) for the 16 customers of a tile, D as above.
template <class T>
void update_least_distance(const T* tile, const double* point, int features, double* distances);

/// The squared distance by the definition, for one customer: the plain twin of the kernels above.
double squared_distance(const double* a, const double* b, int features);

}  // namespace cardseg::cluster
