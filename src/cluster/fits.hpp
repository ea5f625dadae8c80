// The restarts of fits: those that are done, those at work, those to come, and the passes that those at work share.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/cluster/refined_seeding.hpp"
#include "cluster/lloyd.hpp"

namespace cardseg::cluster {

/// A restart that is to be done.
struct Task {
  int fit = 0;
  int restart = 0;
};

/// Collective. The first centroids of a restart.
using SeedRestart = std::function<Seeds(const FitOptions& options, int restart)>;

template <class T>
class Fits {
 public:
  /// One fit for each of the options. All arguments outlive this.
  Fits(const FitSetting<T>& setting, const std::vector<FitOptions>& options, const SeedRestart& seed,
       const FitControl& control);

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
  bool begin_more();
  void iterate();
  void add_done(const RestartProgress& each);
  void retire();
  bool is_losing(const RestartProgress& mine) const;
  void serve_request();
  FitProgress progress() const;
  void report() const;
  std::string name_of_restart(const RestartProgress& each) const;
  std::vector<FitResult> results() const;

  const FitSetting<T>& setting_;
  const std::vector<FitOptions>& options_;
  const SeedRestart& seed_;
  const FitControl& control_;
  bool shares_passes_;
  std::vector<Task> tasks_;
  std::size_t next_ = 0;       // of the tasks
  bool is_repeating_ = false;  // the next pass is the last one before an interruption
  std::vector<Live> live_;
  std::vector<RestartProgress> done_;
  std::int64_t done_iterations_ = 0;
  CheckpointRequest request_ = CheckpointRequest::none;
  FitTimes times_;
};

}  // namespace cardseg::cluster
