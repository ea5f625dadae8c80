// Values that are scored, counted against what a model remembers of their column.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/portfolio/column_facts.hpp"

namespace cardseg::portfolio {

/// How the values of a column compare with those it was fitted on; the same on all ranks.
struct ColumnShift {
  std::int64_t present = 0;
  std::int64_t missing = 0;
  std::int64_t below = 0;   ///< the range of the fit
  std::int64_t above = 0;   ///< likewise
  double mean_shift = 0.0;  ///< mean - mean of the fit, in its standard deviations; 0 where these are not known

  std::int64_t customers() const { return present + missing; }
};

/// Exact counts and sums over all rows of all ranks, in whatever blocks they come.
class ColumnTally {
 public:
  /// `customers`: of all ranks.
  ColumnTally(const ColumnFacts& facts, std::int64_t customers);

  /// Local; threads share the values. NaN is missing.
  void add(std::span<const double> raw);
  /// Collective.
  ColumnShift total(const comm::Communicator& comm) const;

 private:
  ColumnFacts facts_;
  core::FixedPoint grid_;
  ColumnShift local_;
  core::int128 local_sum_ = 0;  // of distances from the mean in standard deviations, on the grid
};

}  // namespace cardseg::portfolio
