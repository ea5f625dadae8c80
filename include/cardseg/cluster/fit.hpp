// Lloyd's k-means, exact: restarts, iterations, stopping, refilled segments.
//
// One iteration: label[i] = argmin_j |x_i - c_j|^2 by the definition; S_j, n_j = exact sums and counts; one allreduce;
// c_j = S_j / n_j. Inertia after the update: sum_i |x_i - m|^2 - sum_j n_j |c_j - m|^2 with m the mean of all customers,
// the first term an exact sum made once: no customer is touched for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

enum class StopReason { fixed_point, tolerance, max_iterations };

/// "no customer changed segment", ...
const char* describe(StopReason reason);
/// "fixed-point", "tolerance", "max-iterations".
const char* name_of(StopReason reason);

/// One fit from one seeding.
struct RestartResult {
  double inertia = 0.0;
  int iterations = 0;  ///< passes over the customers, the last, unchanged one included
  StopReason stop = StopReason::max_iterations;
  int refilled = 0;     ///< segments that fell empty and were given a customer
  Centroids centroids;  ///< as FitResult::centroids, of this restart
};

struct FitResult {
  Centroids centroids;  ///< of the best restart, largest segment of its last pass first (ties: the lower number before)
  std::vector<RestartResult> restarts;
  int best_restart = 0;
  std::int64_t customers = 0;
  std::int64_t unsettled = 0;  ///< customers that the screen left to the definition, over all passes
  std::int64_t assigned = 0;   ///< customers assigned, over all passes
  std::int64_t distances = 0;  ///< distances computed, over all passes; without bounds `assigned` times segments
  double seeding_s = 0.0;      ///< elapsed on this rank, all restarts
  double iteration_s = 0.0;
};

/// Collective. `given` holds the first centroids where options.seeding is `file`; the same on all ranks.
/// Throws comm::AgreedError: bad_data where there are fewer distinct customers than segments, or no customer, or where
/// `given` has another shape or holds what is no number up to 1e150.
/// Customers change places in `matrix` meanwhile; afterwards they lie as before, also where this throws.
/// Peak memory beside the matrix: 7 bytes a customer, 8 to 12 while draws by mass seed, 15 while an empty segment is refilled.
template <class T>
FitResult fit(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, const FitOptions& options,
              const std::optional<Centroids>& given, core::Events& events);

/// Collective. fit() for each of the options, on one load of the data; seeding `file` is not possible here. Throws as
/// fit(), and before the first of them where the most segments are more than there are distinct customers.
template <class T>
std::vector<FitResult> fit_each(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix,
                                const std::vector<FitOptions>& options, core::Events& events);

}  // namespace cardseg::cluster
