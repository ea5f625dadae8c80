// Random customers for tests.
#pragma once

#include <cstddef>
#include <random>

#include "support/make_matrix.hpp"

namespace cardseg::support {

/// Independent normal features.
inline Rows normal_rows(std::size_t count, int features, unsigned seed, double offset = 0.0, double scale = 1.0) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Rows rows(count, std::vector<double>(static_cast<std::size_t>(features)));
  for (auto& row : rows)
    for (double& x : row) x = offset + scale * normal(random);
  return rows;
}

/// Customers around `clusters` centres that are `separation` standard deviations apart from the origin.
inline Rows clustered_rows(std::size_t count, int features, int clusters, unsigned seed, double separation = 4.0) {
  const Rows centres = normal_rows(static_cast<std::size_t>(clusters), features, seed + 1, 0.0, separation);
  Rows rows = normal_rows(count, features, seed);
  std::mt19937_64 random(seed + 2);
  for (auto& row : rows) {
    const auto& centre = centres[random() % centres.size()];
    for (std::size_t f = 0; f < row.size(); ++f) row[f] += centre[f];
  }
  return rows;
}

}  // namespace cardseg::support
