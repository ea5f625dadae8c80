// The vector kernels of loading: what is asked of the values of one raw column, and what is made of them.
//
// Lanes are customers; minima, maxima and integer sums do not depend on their number. Per value: 3 to 8 flops, 8 bytes
// read; encoding writes 4 or 8 bytes past the cache, whole lines where they are float.
#pragma once

#include <cstdint>
#include <span>

#include "cardseg/portfolio/local_facts.hpp"

namespace cardseg::portfolio {

/// Local. The facts of a block.
LocalFacts facts_of_values(std::span<const double> values);

/// How many values equal a bound, and how many lie beyond it.
struct Between {
  std::int64_t equal = 0;
  std::int64_t between = 0;
};

/// What `take_between` may write behind the values it takes.
constexpr std::size_t spare_values = 16;

/// Local. Puts the values x with low < x <= high at `out`, in their order; `equal` counts those that equal low. `out`
/// has room for all values and `spare_values` more.
Between take_between(std::span<const double> values, double low, double high, double* out);

/// What is added up of a value x: factor to the unit of its column, lift and grid of `exact_sum`, all powers of two.
struct GridSteps {
  double unit = 1.0;
  double lift = 1.0;
  double grid = 1.0;  ///< FixedPoint::factor
};

/// Local. The sum of FixedPoint::round(x unit lift), NaN as 0. Precondition: no more values than
/// FixedPoint::max_additions.
std::int64_t sum_rounded(std::span<const double> values, const GridSteps& steps);

/// Local. The sum of FixedPoint::round((x unit - mean)^2 lift), NaN as 0. The same precondition.
std::int64_t sum_rounded_squares(std::span<const double> values, double mean, const GridSteps& steps);

/// How transformed values become features.
struct Scaling {
  double centre = 0.0;
  double factor = 1.0;
  double limit = 0.0;  ///< of the magnitude of a feature
};

/// Local. Tile t at tiles + t * tile_size takes (x - centre) * factor of the values [16 t, 16 t + 16), rounded to T.
/// Preconditions: whole tiles of values; `tiles` is aligned to 64, tile_size a multiple of 16. The stores pass the
/// cache by:
/// whoever reads them on another thread comes after a barrier, as ever. Returns whether each is within the limit; NaN
/// is not.
template <class T>
bool encode_tiles(std::span<const double> values, const Scaling& scaling, T* tiles, std::int64_t tile_size);

}  // namespace cardseg::portfolio
