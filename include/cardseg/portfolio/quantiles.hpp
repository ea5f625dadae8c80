// Exact quantiles of values that lie on many ranks, by distributed radix selection: no sketch, no sorting.
#pragma once

#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::portfolio {

/// Where a quantile lies between two order statistics, it is a value between them (numpy's default, type 7 of Hyndman
/// and Fan 1996), the lower or the higher one; numpy has the same names.
enum class QuantileMethod { linear, lower, higher };

struct Quantile {
  double probability = 0.5;  ///< 0 to 1
  QuantileMethod method = QuantileMethod::linear;
};

/// Collective over comm. Each of the quantiles, by the order statistics next to (n - 1) p. NaN values are left out; NaN
/// where no value is left. Cost: 2 passes over the local values and 4 over those that share the first 16 bits of a
/// quantile, which are copied (8 bytes each) unless all their other bits are 0, as those of zeros; an allreduce of 512
/// KiB and 4 of 32 KiB for each different prefix in search.
std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const Quantile> quantiles);
/// The same for probabilities, by QuantileMethod::linear.
std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const double> probabilities);

}  // namespace cardseg::portfolio
