// The segments of some tiles of customers: screened in float32 first, decided by the definition.
#pragma once

#include <cstdint>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/screen.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Local. labels[i] = the segment, by the definition (nearest.hpp), of customer i of tiles [first_tile, first_tile +
/// tiles); labels of padded customers are any number, and may be -1. `screened`: make_screen(centroids); a double
/// matrix is decided by the definition alone. Returns how many customers the screen left to the definition (0 for
/// double). Precondition: first_tile and tiles are multiples of 4.
template <class T>
std::int64_t label_tiles(const portfolio::FeatureMatrix<T>& matrix, std::int64_t first_tile, std::int64_t tiles,
                         const Centroids& centroids, const ScreenCentroids& screened, std::int32_t* labels);

}  // namespace cardseg::cluster
