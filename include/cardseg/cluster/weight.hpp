// What customers weigh. A customer is not a unit of mass: people are counted, but sums are divided by mass.
//
// Every customer weighs 1 so far, and what follows from that is written here. Two sums know it beside this file because
// their loops add no weights: SegmentSums (features, customers) and the kernels of a seeding (mass_kernels.hpp).
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::cluster {

/// Of each customer.
constexpr double customer_weight = 1.0;

/// Pure. The sum of the weights of so many customers.
constexpr double mass_of(std::int64_t customers) { return customer_weight * static_cast<double>(customers); }

/// Pure. The mass of each segment.
inline std::vector<double> masses_of(const std::vector<std::int64_t>& customers) {
  std::vector<double> masses;
  masses.reserve(customers.size());
  for (std::int64_t each : customers) masses.push_back(mass_of(each));
  return masses;
}

/// Pure. The global row of a customer drawn with probability weight / mass of all.
inline std::int64_t draw_by_weight(std::int64_t customers, std::uint64_t random_bits) {
  return static_cast<std::int64_t>(core::scaled_draw(random_bits, customers));
}

}  // namespace cardseg::cluster
