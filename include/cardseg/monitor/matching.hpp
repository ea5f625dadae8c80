// Which segment of one segmentation is which of another: the pairs that share most.
#pragma once

#include <vector>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::monitor {

/// What each segment of the first shares with each of the second, in whole units: customers, or quanta of their mass.
/// [first][second]; lines are of one length.
using SharedMass = std::vector<std::vector<core::int128>>;

/// Pure. For each segment of the first its partner in the second, or -1: each segment has one partner at most, and what
/// partners share is in sum the most that is possible (the assignment problem: Kuhn 1955, by shortest augmenting paths,
/// Jonker and Volgenant 1987). Exact: integers alone. Of several such answers one with the most pairs of the same
/// number is taken. Partners share something. Precondition: nothing is negative, and sums are below 2^110.
/// Cost: the cube of the larger number of segments.
std::vector<int> match_segments(const SharedMass& shared);

}  // namespace cardseg::monitor
