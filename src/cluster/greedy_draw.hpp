// One step of greedy k-means++: of some customers drawn by mass the one that would leave the least.
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

}  // namespace cardseg::cluster
