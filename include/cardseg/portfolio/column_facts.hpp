// What a model remembers of a column that it was fitted on, to tell when other customers' values are of another kind.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/number_encoder.hpp"

namespace cardseg::portfolio {

/// A range of values that is no single customer's: rounded outward.
struct ValueRange {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// Aggregates of all customers; the same on all ranks.
struct ColumnFacts {
  std::int64_t present = 0;
  std::int64_t missing = 0;
  ValueRange range;  ///< of nearly all present values (`range_around`)
  double mean = std::numeric_limits<double>::quiet_NaN();
  double sd = std::numeric_limits<double>::quiet_NaN();  ///< standard deviation of a population; NaN: not known

  double missing_share() const;
};

/// The shares of values between which a column's range lies, before it is widened.
inline constexpr double range_low_share = 0.001;
inline constexpr double range_high_share = 0.999;

/// Pure. A range from quantiles of `present` values: widened by (high - low) / (present - 1), which a few customers
/// leave out of an even spread, then rounded outward to two digits of its width. Precondition: low <= high, both
/// finite.
ValueRange range_around(double low, double high, std::int64_t present);

/// Collective. What is to be remembered of a column; `local_raw` as in `compute_raw_facts`. Fills in what `raw` lacks
/// on the way. Of the values that it is made from no more than 0.1 % lie below the range and 0.1 % above it, none of up
/// to 1,000. Cost: that of compute_quantiles for three of them, and a pass.
ColumnFacts compute_column_facts(const comm::Communicator& comm, std::span<const double> local_raw, RawFacts& raw);

}  // namespace cardseg::portfolio
