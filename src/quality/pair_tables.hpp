// How customers that one set of centroids puts together are divided by another: any number of pairs in one pass.
#pragma once

#include <cstddef>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/quality/adjusted_rand.hpp"

namespace cardseg::quality {

/// Places in a list of sets of centroids.
struct SetPair {
  std::size_t first = 0;
  std::size_t second = 0;
};

/// Collective. For each pair, customers by segment of its first set and of its second, by the definition.
/// One pass over the matrix labels each customer once by every set that a pair names; labels are never kept. 8 k k'
/// bytes a pair, thread and rank, and one allreduce of as many.
template <class T>
std::vector<Contingency> count_pairs(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                     const std::vector<cluster::Centroids>& sets, const std::vector<SetPair>& pairs);

}  // namespace cardseg::quality
