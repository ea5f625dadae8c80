// Where a column's values lie and how wide they spread, from exact sums.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::portfolio {

/// In transformed units.
struct CentreAndSpread {
  double centre = 0.0;
  double spread = 1.0;
};

/// What is known of transformed values before they are scaled.
struct TransformedFacts {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  std::int64_t count = 0;  ///< of all ranks' present values
  double min = 0.0;        ///< transform(raw minimum) and transform(raw maximum)
  double max = 0.0;
  double middle = unknown;  ///< transform(raw median)
  double mean = unknown;
  double spread = unknown;  ///< where the mean is known
  double least = 0.0;       ///< what the values reach: a logarithm need not be monotone in its last bit
  double most = 0.0;
};

/// Collective. The exact sum of values times `unit`, NaN as 0. `count`: how many there are; `largest`: bound of their
/// magnitude times unit.
double sum_of(const comm::Communicator& comm, std::span<const double> values, std::int64_t count, double largest,
              double unit);

/// Collective. Mean and standard deviation (of a population) of the values that are not NaN.
CentreAndSpread mean_and_deviation(const comm::Communicator& comm, std::span<const double> values,
                                   const TransformedFacts& facts);

}  // namespace cardseg::portfolio
