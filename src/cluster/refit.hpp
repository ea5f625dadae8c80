// Where a fit came to a higher inertia than one of fewer segments, its restarts missed what those found: it is fitted
// again from their centroids and, for each segment more, a split where that gains most (greedy_draw.hpp). That lowers
// the inertia below theirs, so that inertia falls with the number of segments.
#pragma once

#include <optional>
#include <vector>

#include "cardseg/cluster/options.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

/// Where a fit stands.
struct SegmentsAndInertia {
  int segments = 0;
  double inertia = 0.0;
};

/// A fit whose inertia exceeds that of the fit with the next fewer segments.
struct Rise {
  int fit = 0;
  int fewer = 0;  ///< the other fit
};

/// Pure. The rise with the fewest segments; none where inertia falls with every number of segments. `leave_out`: fits
/// that cannot be fitted again.
std::optional<Rise> find_rise(const std::vector<SegmentsAndInertia>& fits, const std::vector<bool>& leave_out);

/// Collective, two passes for each segment more. From the centroids of fewer segments to first centroids of
/// `options.segments`; none where the customers leave no mass to split.
template <class T>
std::optional<Centroids> split_to(const FitSetting<T>& setting, const FitOptions& options, const Centroids& fewer);

}  // namespace cardseg::cluster
