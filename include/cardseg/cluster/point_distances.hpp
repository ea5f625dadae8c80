// Euclidean distances of the customers of a tile to one point, on a fixed-point grid, so that they can be added.
//
//   quanta[i] = sqrt(D(customer i, point)) rounded to the grid, D as in nearest.hpp
//
// Per customer: 3 d flops and a square root.
#pragma once

#include <cstdint>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::cluster {

/// Local. `tile` as in FeatureMatrix: features x 16 values. Padded customers get a distance, too: leave it out. Same
/// bits on every vector width. T is float or double. Precondition: no distance is above what `grid` was made for.
template <class T>
void find_point_distances(const T* tile, const double* point, int features, const core::FixedPoint& grid,
                          std::int64_t* quanta);

}  // namespace cardseg::cluster
