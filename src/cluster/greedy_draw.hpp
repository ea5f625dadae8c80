// Steps of greedy k-means++: of some customers drawn by mass the one that would leave the least.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/core/philox.hpp"
#include "cluster/masses.hpp"

namespace cardseg::cluster {

/// The random numbers of a step: draws 0 to `count` - 1 of this row of `random`.
struct StepDraws {
  const core::RowRandom& random;
  std::int64_t row = 0;
  int count = 1;
};

/// Collective, one pass. The features of the customer drawn (the first drawn on ties). Throws comm::AgreedError where
/// no mass is left.
template <class T>
std::vector<double> draw_greedily(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                  Masses<T>& masses, const StepDraws& draws);

/// The random numbers of steps behind centroids: rows from `row` on, one a step.
struct AddedDraws {
  const core::RowRandom& random;
  std::int64_t row = 0;
  int steps = 1;
};

/// Collective, two passes a step. These centroids and behind them one of each step: where it takes most of the inertia
/// away. Fewer steps are made where the customers leave no mass.
template <class T>
Centroids add_greedily(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, Centroids centroids,
                       const AddedDraws& draws);

}  // namespace cardseg::cluster
