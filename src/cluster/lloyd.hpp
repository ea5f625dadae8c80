// One restart at work: its centroids, its customers' segments, and what an iteration does with them.
#pragma once

#include "cardseg/cluster/assigner.hpp"
#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

template <class T>
class Lloyd {
 public:
  /// `begun`: a restart that is not finished. `shares_passes`: other models may be at work on the matrix at the same
  /// time.
  Lloyd(const FitSetting<T>& setting, const FitOptions& options, RestartProgress begun, bool shares_passes);

  /// What a pass (pass_together) needs.
  AssignerPass<T> next_pass() { return {&assigner_, &centroids_, &local_sums_}; }

  /// Collective. After the pass: `passed` holds the sums of all ranks. Throws comm::AgreedError(bad_data)
  /// where the pass that was repeated after an interruption found other sums than then.
  void finish_iteration(const ModelPass& passed);

  /// Collective. No more iterations: progress().is_finished from now on. Customers are back in their order.
  void finish(StopReason reason);

  /// Why there should be no more iterations, if so.
  std::optional<StopReason> reason_to_stop() const { return stop_; }
  const RestartProgress& progress() const { return progress_; }
  /// Customers that changed their segment in the last pass.
  std::int64_t moved() const { return last_.moved; }
  /// "iteration 3, inertia 1.25, moved 17, distances 100%"
  std::string text() const;

 private:
  void check_repeated(const SegmentSums& sums) const;
  void record(const Centroids& compared, SegmentSums global_sums, int refilled);
  std::optional<StopReason> find_reason_to_stop() const;

  FitSetting<T> setting_;
  const FitOptions& options_;
  RestartProgress progress_;
  bool is_repeating_;  // the next pass is the last one before an interruption
  PassCounts last_;    // of the last pass; moved: with those that were put into empty segments
  std::optional<StopReason> stop_;
  Centroids centroids_;
  Assigner<T> assigner_;
  SegmentSums local_sums_;
};

}  // namespace cardseg::cluster
