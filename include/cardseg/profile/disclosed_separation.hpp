// Of which segments are next to which: what may leave the program.
#pragma once

#include <vector>

#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/separation.hpp"

namespace cardseg::profile {

/// The segment that most customers of another one would be in, were that one not there.
struct Neighbour {
  int segment = 0;  ///< from 1; 0: none, not counted, or withheld
  Count customers;  ///< so many of them
};

struct DisclosedSeparation {
  std::vector<Count> near_border;  ///< [group], the whole first: customers with a margin below border_margin
  std::vector<Neighbour> next;     ///< [segment], segment 1 first
};

/// Pure; serial. Who is near a border and who is not is a table like that of a column of two levels, and withheld alike
/// (withheld_cells); the same segments are withheld as in the profile. A neighbour is told where `min_cell` customers
/// or more have it, and their number where those that have another one are none, or as many.
DisclosedSeparation disclosed(const Separation& exact, const DisclosureOptions& options);

}  // namespace cardseg::profile
