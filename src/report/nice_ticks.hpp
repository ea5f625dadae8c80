// Where an axis has its lines.
#pragma once

#include <vector>

namespace cardseg::report {

/// Pure. About five round numbers, 1, 2 or 5 times a power of ten apart, from the one at or below `low` to the one at
/// or above `high`; 0 and 1 where these are the same.
std::vector<double> nice_ticks(double low, double high);

}  // namespace cardseg::report
