// The restarts of fits, the trials and the refits behind them: those that are done, those at work, those to come, and
// the passes that those at work share.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cluster/lloyd.hpp"
#include "cluster/refit.hpp"
#include "cluster/seeder.hpp"
#include "cluster/trials.hpp"

namespace cardseg::cluster {

/// A restart that is to be done.
struct Task {
  int fit = 0;
  int restart = 0;
};

template <class T>
class Fits {
 public:
  /// One fit for each of the options. All arguments outlive this.
  Fits(const FitSetting<T>& setting, const std::vector<FitOptions>& options, const FitControl& control);

  /// Collective. Throws as fit_each() does.
  std::vector<FitResult> run();

  const FitTimes& times() const { return times_; }

 private:
  using Live = std::unique_ptr<Lloyd<T>>;

  const FitOptions& options_of(const RestartProgress& each) const {
    return options_[static_cast<std::size_t>(each.fit)];
  }
  void go_on_from(const FitProgress& start);
  void begin(RestartProgress progress);
  Seeds seed(const Task& task);
  void seed_restart(const Task& task);
  void end_on_sample(RestartProgress ended, StopReason reason);
  void seed_restarts();
  void leave_out_those_behind(int fit);
  bool begin_restart();
  std::optional<Centroids> make_move(const FitOptions& options, const Trials& trials, const Move& move);
  void begin_trial(int fit);
  void begin_refit();
  bool begin_more();
  bool begin_more_or_save();
  void iterate();
  void add_time(double elapsed_s);
  double& time_of(const RestartProgress& each);
  void add_done(const RestartProgress& each);
  void retire();
  std::optional<StopReason> reason_beside_others(const RestartProgress& mine) const;
  template <class Look>
  void look_at_earlier(const RestartProgress& mine, Look look) const;
  bool is_losing(const RestartProgress& mine) const;
  int find_joined(const RestartProgress& mine) const;
  bool is_trial(const RestartProgress& each) const { return each.restart >= restarts_of(options_of(each)); }
  std::vector<const RestartProgress*> done_of(int fit) const;
  const RestartProgress* refit_of(int fit) const;
  void serve_request();
  FitProgress progress() const;
  void report() const;
  std::string name_of_restart(const RestartProgress& each) const;
  std::vector<SegmentsAndInertia> segments_and_inertias() const;
  FitResult result_of(int fit) const;
  std::vector<FitResult> results() const;
  void report_end(int fit, const FitResult& result) const;

  const FitSetting<T>& setting_;
  const std::vector<FitOptions>& options_;
  const FitControl& control_;
  bool shares_passes_;
  std::vector<Task> tasks_;
  Seeder<T> seeder_;
  std::size_t next_ = 0;                 // of the tasks
  std::deque<RestartProgress> waiting_;  // seeded
  bool is_repeating_ = false;            // the next pass is the last one before an interruption
  std::vector<Live> live_;
  std::vector<RestartProgress> done_;
  std::vector<bool> is_exhausted_;  // [fit]: there is no other trial
  std::vector<bool> is_refitted_;   // [fit]: its refit has begun, or there can be none
  std::vector<double> moves_s_;     // [fit]: of this run, elapsed
  std::vector<double> refits_s_;    // likewise
  std::int64_t done_iterations_ = 0;
  CheckpointRequest request_ = CheckpointRequest::none;
  FitTimes times_;
};

}  // namespace cardseg::cluster
