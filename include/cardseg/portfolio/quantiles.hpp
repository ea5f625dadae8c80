// Exact quantiles of values that lie on many ranks, by distributed radix selection: no sketch, no sorting.
#pragma once

#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::portfolio {

/// Collective over comm. For each probability p in [0, 1] the quantile with linear interpolation between the order
/// statistics next to (n - 1) p (numpy's default, type 7 of Hyndman and Fan 1996). NaN values are left out; NaN where
/// no value is left. Cost: 2 passes over the local values and 4 over those that share the first 16 bits of a quantile,
/// which are copied (8 bytes each) unless all their other bits are 0, as those of zeros; an allreduce of 512 KiB and 4
/// of 32 KiB for each different prefix in search.
std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const double> probabilities);

}  // namespace cardseg::portfolio
