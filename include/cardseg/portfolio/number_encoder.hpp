// The encoder of numbers: a raw value becomes one feature, and back.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/description.hpp"
#include "cardseg/portfolio/local_facts.hpp"

namespace cardseg::portfolio {

/// The values that a column is winsorised to.
struct ClipLimits {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool are_any() const { return std::isfinite(low); }
  double clipped(double raw) const { return std::isnan(raw) ? raw : std::clamp(raw, low, high); }
};

/// feature = (transform(clip(raw or fill)) - centre) * factor, in double, factor = sqrt(weight) / spread.
/// A centre is subtracted whatever the scale, also under Scale::none: float32 would keep nothing of small differences
/// between large numbers. Every number that it needs is stored in the model, so fitting and scoring give the same bits.
struct NumberEncoder {
  ColumnSettings settings;
  double fill = 0.0;    ///< raw value that stands for a missing one
  double centre = 0.0;  ///< in transformed units
  double factor = 1.0;  ///< features per transformed unit; 0: the column is constant or has no weight
  ClipLimits clip = {};
  double indicator = 0.0;  ///< second feature of a missing value, sqrt(weight), 0 of others; 0: there is no second one

  /// Of its block of features; 0 where the column cannot tell customers apart.
  int width() const { return factor > 0.0 ? (indicator > 0.0 ? 2 : 1) : 0; }

  /// Local. NaN is missing. Returns NaN where the value cannot be encoded: infinite, missing under Missing::error, at
  /// or below -1 under log1p, negative under sqrt.
  double encode(double raw) const { return scaled(transformed(raw)); }
  /// The first half of `encode`: transform(clip(raw or fill)). It needs `fill` and `clip` alone.
  double transformed(double raw) const;
  /// The second half.
  double scaled(double transformed_value) const { return (transformed_value - centre) * factor; }
  /// The raw value whose feature this is; of the second feature the share of customers without a value. Precondition:
  /// width() > place.
  double decode(int place, double feature) const;
  /// The inverse.
  double encode(int place, double original) const { return place == 0 ? encode(original) : original * indicator; }
};

/// Exact facts of a raw column; the same on all ranks.
struct RawFacts {
  std::int64_t present = 0;
  std::int64_t missing = 0;
  double min = 0.0;  ///< NaN where no value is present, like max and mean
  double max = 0.0;
  double mean = 0.0;
  double sd = std::numeric_limits<double>::quiet_NaN();      ///< of the present values as a population; NaN: not asked
  double median = std::numeric_limits<double>::quiet_NaN();  ///< likewise
};

/// Collective. All but sd and median (column_facts.hpp has these). `local` are the facts of `local_raw`. Precondition:
/// the present values are finite and up to 1e150 in magnitude (`find_unusable`). Cost: one pass over the local values.
RawFacts compute_raw_facts(const comm::Communicator& comm, std::span<const double> local_raw, const LocalFacts& local);
/// The same where they are not known yet.
RawFacts compute_raw_facts(const comm::Communicator& comm, std::span<const double> local_raw);

/// Local. The index of the first value that no column may hold (infinite, or above 1e150 in magnitude), or -1. Cost: a
/// pass over the values only where `local` says that there is one.
std::int64_t find_unusable(std::span<const double> local_raw, const LocalFacts& local);

/// Collective. Winsorises the raw values as the settings say; the limits, the same on all ranks.
ClipLimits clip_in_place(const comm::Communicator& comm, const ColumnSettings& settings, std::span<double> local_raw);

/// Collective. Fits an encoder on the raw column `name`, whose rows lie on all ranks; `facts` are those of it. In place
/// of each raw value it leaves `encoder.transformed(raw)`, so that `encoder.scaled` makes the feature of it; the values
/// of a constant column (factor 0) may stay as they are.
/// Throws core::Error, the same on all ranks: bad_data where the column has no value, a missing one under
/// Missing::error, or one that its transform does not take. Cost: 1 to 8 passes over the local values.
NumberEncoder fit_number_encoder(const comm::Communicator& comm, const std::string& name,
                                 const ColumnSettings& settings, const RawFacts& facts, std::span<double> local_values);

/// Local. Replaces every value by `encoder.transformed(value)`; the facts of what is there now.
LocalFacts transform_in_place(const NumberEncoder& encoder, std::span<double> values);

}  // namespace cardseg::portfolio
