// Lloyd's k-means, exact: restarts, iterations, stopping, refilled segments.
//
// One iteration: label[i] = argmin_j |x_i - c_j|^2 by the definition; exact sums S_j of w_i x_i and masses M_j of the
// weights w_i; one allreduce; c_j = S_j / M_j. Inertia after the update: sum_i w_i |x_i - m|^2 - sum_j M_j |c_j - m|^2
// with m the mean of all customers, the first term an exact sum made once: no customer is touched for it. The tolerance
// is a share of this inertia. Weights are 1 so far (weight.hpp); what moved or was left open counts customers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

struct FitResult {
  Centroids centroids;  ///< of the best restart, largest segment of its last pass first (ties: the lower number before)
  std::vector<RestartResult> restarts;
  int best_restart = 0;  ///< its inertia and centroids are those behind moves and refit
  /// Passes on the way to the best: of its restart and of the moves that led on from there, or of the refit.
  int iterations = 0;
  StopReason stop = StopReason::max_iterations;  ///< of the last of these
  std::int64_t customers = 0;                    ///< people
  MoveTally moves;                               ///< on all customers, from the end of the best restart
  int reached =
      0;  ///< restarts whose own end is within 1e-4 of the least inertia found; 0: moves or a refit came there
  int refitted_from = 0;              ///< the best comes from the result of so many segments (fit_each); 0: it does not
  std::int64_t moves_iterations = 0;  ///< passes over the customers, a refit's included
  std::int64_t moves_unsettled = 0;   ///< as RestartResult::unsettled

  const RestartResult& best() const { return restarts[static_cast<std::size_t>(best_restart)]; }
  /// Customers assigned, over all passes.
  std::int64_t assigned() const;
  /// Customers that the screen left to the definition, over all passes.
  std::int64_t unsettled() const;
};

/// The share of assignments that the screen left to the definition.
double unsettled_share(std::span<const FitResult> results);

/// Where the time of fits went, elapsed on this rank.
struct FitTimes {
  double seeding_s = 0.0;
  double iteration_s = 0.0;
  double moves_s = 0.0;   ///< moves on all customers, refits, and the iterations behind them
  double assign_s = 0.0;  ///< of the iterations: passes over this rank's customers
  comm::Traffic traffic;  ///< of the iterations
};

/// How fits run. But for `given` nothing of it changes a byte of what they find.
struct FitControl {
  Checkpoints* checkpoints = nullptr;   ///< null: none are kept
  FitProgress start = {};               ///< go on from here; empty: from the beginning
  int together = 1;                     ///< so many models share a pass over the customers and its allreduce
  std::optional<Centroids> given = {};  ///< the first centroids where a seeding is `file`; the same on all ranks
  FitTimes* times = nullptr;            ///< null: nobody asks
};

/// Collective. One result for each of the options, on one load of the data. Where options differ in segments alone,
/// results are those of single fits, but for one whose inertia exceeds that of the next fewer segments: it is fitted
/// again from the result of those, so that inertia falls with the number of segments.
/// Throws comm::AgreedError: bad_data where there are fewer distinct customers than the most segments, or no customer,
/// or where `control.given` has another shape or holds what is no number up to 1e150, or where `control.start` is of
/// other data; stopped where a rank requested so, after a checkpoint.
/// Customers change places in `matrix` meanwhile; afterwards they lie as before, also where this throws.
/// Peak memory beside the matrix: 7 bytes a customer and 4 for each further model that shares passes, 8 to 12 while
/// draws by mass seed, the features of a sample (no more than 24 bytes) while seeds are refined, 15 while an empty
/// segment is refilled.
template <class T>
std::vector<FitResult> fit_each(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix,
                                const std::vector<FitOptions>& options, core::Events& events,
                                const FitControl& control = {});

/// Collective. fit_each() for one number of segments.
template <class T>
FitResult fit(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, const FitOptions& options,
              core::Events& events, const FitControl& control = {});

}  // namespace cardseg::cluster
