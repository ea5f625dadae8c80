// How low an inertia can be at all: what no grouping into k segments falls below.
//
//   inertia >= trace S - (the k - 1 largest eigenvalues of S),   S = sum_i (x_i - m) (x_i - m)'
//
// The means of k segments lie in a space of k - 1 dimensions about m, and no such space takes more of the scatter S
// than those eigenvalues (Zha, He, Ding, Gu, Simon 2001; Ding, He 2004).
#pragma once

#include <cstdint>
#include <optional>

#include "cardseg/portfolio/covariance.hpp"

namespace cardseg::cluster {

struct InertiaBound {
  double least = 0.0;        ///< rounded down to three digits: what is certain, whatever computed the eigenvalues
  bool is_estimate = false;  ///< from a sample of the customers
};

/// Pure. Of `customers` with these covariances, each of weight 1; none where there are none, for one segment, for more
/// segments than features, and where nothing is left above zero.
std::optional<InertiaBound> bound_inertia(const std::optional<portfolio::Covariance>& covariance,
                                          std::int64_t customers, int segments);

}  // namespace cardseg::cluster
