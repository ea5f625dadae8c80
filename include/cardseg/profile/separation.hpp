// Which segments are next to which: of every customer, which centre is the second nearest, and whether it is about as
// near as the own one.
//
//   margin = (b - a) / b      a the distance to the own segment's centre, b to the nearest other one
// the margins and second segments that label files hold (cluster::Scores), counted over all customers.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"

namespace cardseg::profile {

/// A customer whose margin is below this is near a border.
inline constexpr double border_margin = 0.1;
/// Of more segments than this it is not counted which are next to which.
inline constexpr int most_neighbours = 256;

struct Separation {
  std::vector<std::int64_t> customers;            ///< [segment]
  std::vector<std::int64_t> near_border;          ///< [segment]: its customers with a margin below border_margin
  std::vector<std::vector<std::int64_t>> second;  ///< [segment][other]: its customers whose second segment that is;
                                                  ///< empty where there are more than most_neighbours
};

/// Collective. One pass over the scores.
Separation measure_separation(const comm::Communicator& comm, const cluster::Scores& local_scores, int segments);

}  // namespace cardseg::profile
