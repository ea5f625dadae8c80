// From where on a month differs so much that somebody should look, or should not go on.
#pragma once

#include <string>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::monitor {

/// How far a thing is from what it was.
enum class Light { green, amber, red };

inline constexpr core::EnumNames<Light> light_names = {"green", "amber", "red"};
inline const char* name_of(Light light) { return light_names[light]; }

/// What ends a job with an exit code of its own.
enum class FailOn { never, amber, red };

inline constexpr core::EnumNames<FailOn> fail_on_names = {"never", "amber", "red"};

/// Effects from `amber` on are amber, from `red` on red; both where chance does not explain them.
struct Thresholds {
  double amber = 0.0;
  double red = 0.0;
};

struct WatchOptions {
  Thresholds psi = {0.1, 0.25};             ///< population stability index
  Thresholds ks = {0.1, 0.2};               ///< largest difference of cumulated shares
  Thresholds wasserstein = {0.2, 0.5};      ///< mean way from then to now, in spreads
  Thresholds missing = {0.05, 0.2};         ///< change of the share of customers without a value
  Thresholds unknown = {0.01, 0.05};        ///< change of the share of customers whose level the fit did not know
  Thresholds mix = {0.05, 0.1};             ///< change of a segment's share of all customers
  Thresholds far = {0.02, 0.05};            ///< share of customers beyond the fit's 99 % quantile of distances
  Thresholds reconstruction = {1.25, 2.0};  ///< mean error of reconstruction over that of the fit
  /// The probability, 1e-9 to 0.05, that chance alone raises any light of a month; shared evenly among all that is
  /// looked at.
  double chance = 0.001;
  /// The squared distance of populations, sum (q - p)^2 / pooled share, above 0 and up to 1, that still counts as the
  /// same in `resemblance`.
  double tolerance = 0.05;
  FailOn fail_on = FailOn::never;
};

core::OptionTable describe(WatchOptions& options);
/// Throws core::Error(usage) that names the field.
void validate(const WatchOptions& options);

}  // namespace cardseg::monitor
