// How far fits have come: what a checkpoint keeps, and what a later job goes on from, on any number of ranks.
//
// Of a restart at work the centroids are kept that its last iteration compared customers with, and the exact sums which
// that iteration found. Who goes on repeats that one pass: it gives every customer its segment again, and the sums must
// be the same integers, or the customers are not those of the checkpoint. From there on every byte is that of a fit
// never interrupted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/core/enum_names.hpp"

namespace cardseg::cluster {

enum class StopReason { fixed_point, tolerance, max_iterations, losing, repeated, joined, futile, behind };

/// "no customer changed segment", ...; options are named as core::field does.
std::string describe(StopReason reason);
inline constexpr core::EnumNames<StopReason> stop_names = {"fixed-point", "tolerance", "max-iterations", "losing",
                                                           "repeated",    "joined",    "futile",         "behind"};
inline const char* name_of(StopReason reason) { return stop_names[reason]; }

/// Moves of centroids between segments (src/cluster/breathing.hpp).
struct MoveTally {
  int tried = 0;
  int accepted = 0;
  double gained = 0.0;  ///< share of the inertia before
};

/// How the first centroids of a restart were found.
struct SeedingRecord {
  Seeding drawn = Seeding::file;  ///< what ran: never `refined`
  std::int64_t customers = 0;     ///< that it ran on: of a sample, or all
  int starts = 1;                 ///< of which the best was kept
  MoveTally moves;
  double inertia = 0.0;               ///< on the sample, where it is improved
  std::vector<std::uint64_t> states;  ///< keys of the groupings that it came to there
};

/// "greedy on a sample of 65,412 customers, 9 moves tried, 4 accepted"; `customers`: all there are.
std::string describe(const SeedingRecord& record, std::int64_t customers);

/// One fit from one seeding.
struct RestartResult {
  double inertia = 0.0;  ///< sum of weight times squared distance; infinite where only a sample was compared
  int iterations = 0;    ///< passes over the customers, the last, unchanged one included; 0: it ended on the sample
  StopReason stop = StopReason::max_iterations;
  int refilled = 0;            ///< segments that fell empty and were given a customer
  Centroids centroids;         ///< as FitResult::centroids, of this restart
  std::vector<double> course;  ///< the inertia after each iteration
  std::int64_t unsettled = 0;  ///< customers that the screen left to the definition, over all passes
  std::int64_t distances =
      0;  ///< distances computed, over all passes; without bounds customers times segments times passes
  SeedingRecord seeding;
  std::vector<std::uint64_t> states;  ///< a key of the grouping after each iteration: equal groupings have equal keys
  int joined = -1;  ///< StopReason::joined: the restart whose grouping it met; it would have ended as that one
};

/// A restart that has been seeded, a trial behind the restarts (src/cluster/trials.hpp), or a refit behind the trials
/// (src/cluster/refit.hpp).
struct RestartProgress {
  int fit = 0;            ///< which of the fits
  int restart = 0;        ///< which of its restarts; trials count on behind the last one, and a refit behind those
  int refitted_from = 0;  ///< of a refit: the number of segments that it comes from
  bool is_finished = false;
  RestartResult result;             ///< so far; centroids: of the last pass; before the first the seeds
  std::optional<SegmentSums> sums;  ///< of the last pass, over all customers, where not finished
};

struct FitProgress {
  std::vector<RestartProgress> restarts;  ///< by fit, then restart
};

/// JSON; numbers keep every bit.
std::string to_json(const FitProgress& progress);
/// The inverse. Throws core::Error(bad_data) where the text is something else.
FitProgress progress_from_json(const std::string& text);

/// What a rank wants of the fits at the end of an iteration: go on; save a checkpoint; save one and stop.
enum class CheckpointRequest { none, save, stop };

/// Keeps checkpoints while fits run.
class Checkpoints {
 public:
  Checkpoints() = default;
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;
  virtual ~Checkpoints() = default;

  /// Local, once an iteration: cheap. Requests of the ranks are joined; `stop` wins.
  virtual CheckpointRequest request() = 0;
  /// Collective. `progress` is the same on all ranks. `must`: fits stop behind it; else a checkpoint that fails is no
  /// error.
  virtual void save(const FitProgress& progress, bool must) = 0;
};

}  // namespace cardseg::cluster
