// From raw values to features and back: fitted once on a portfolio, stored in the model, used again to score.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/description.hpp"

namespace cardseg::portfolio {

/// feature = (transform(raw or fill) - centre) * factor, in double, factor = sqrt(weight) / spread.
/// Every number that it needs is stored in the model, so fitting and scoring give the same bits.
struct ColumnEncoder {
  ColumnDescription description;
  double fill = 0.0;    ///< raw value that stands for a missing one
  double centre = 0.0;  ///< in transformed units
  double factor = 1.0;  ///< features per transformed unit; 0: the column is constant or has no weight

  /// Local. NaN is missing. Returns NaN where the value cannot be encoded: infinite, missing under Missing::error, at or
  /// below -1 under log1p.
  double encode(double raw) const;
  /// The raw value whose feature this is. Precondition: factor > 0.
  double decode(double feature) const;
};

/// Exact facts of a raw column; the same on all ranks.
struct RawFacts {
  std::int64_t present = 0;
  std::int64_t missing = 0;
  double min = 0.0;  ///< NaN where no value is present, like max and mean
  double max = 0.0;
  double mean = 0.0;
};

/// Collective. Precondition: the present values are finite and below 1e150 in magnitude (`check_raw`).
RawFacts compute_raw_facts(const comm::Communicator& comm, std::span<const double> local_raw);

/// Local. The index of the first value that no column may hold (infinite, or above 1e150 in magnitude), or -1.
std::int64_t find_unusable(std::span<const double> local_raw);

/// Collective. Fits an encoder on a raw column whose rows lie on all ranks; `facts` are those of the column.
/// A constant column gets factor 0. Throws core::Error, the same on all ranks: bad_data where the column has no value, a
/// missing one under Missing::error, or one at or below -1 under log1p. Cost: 3 to 12 passes over the local values.
ColumnEncoder fit_encoder(const comm::Communicator& comm, const ColumnDescription& description, const RawFacts& facts,
                          std::span<const double> local_raw);

}  // namespace cardseg::portfolio
