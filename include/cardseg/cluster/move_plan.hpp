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

/// Local. added[f] += round(x_f) and, unless it is null, subtracted[f] -= round(x_f) for all entries of the plan.
void move_customer(const float* customer, const MovePlan& plan, std::int64_t* added, std::int64_t* subtracted);
void move_customer(const double* customer, const MovePlan& plan, std::int64_t* added, std::int64_t* subtracted);

}  // namespace cardseg::cluster
