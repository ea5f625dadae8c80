// When fits are checkpointed and stopped, and from where they go on.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/run/checkpoint.hpp"
#include "cardseg/run/result_config.hpp"

namespace cardseg::run {

struct CheckpointOptions {
  std::string every = "5m";  ///< as core::parse_duration reads it
  std::string max_runtime;   ///< likewise; empty: no limit
  bool restart_from_scratch = false;
};

core::OptionTable describe(CheckpointOptions& options);
/// Throws core::Error(usage).
void validate(const CheckpointOptions& options);

/// What a run is of; a checkpoint of another run is refused.
struct RunIdentity {
  std::string job;
  ResultConfig config;
};

class Checkpointing : public cluster::Checkpoints {
 public:
  /// Collective. Looks for a checkpoint in the run directory and says in the log what comes out. Throws
  /// comm::AgreedError: cannot_create where there is one of another job, configuration or input, naming the difference;
  /// bad_data where there are only damaged ones. Both are overridden by `restart_from_scratch`, which removes them.
  Checkpointing(cli::Context& context, const CheckpointOptions& options, const cli::OutputOptions& output,
                const RunIdentity& identity, const io::ShardSet& shards);

  /// The run had come to its end, but for the removal of its checkpoints: there is nothing to do.
  bool is_complete() const { return is_complete_; }
  /// There is a checkpoint to go on from.
  bool is_resumed() const { return is_resumed_; }
  const cluster::FitProgress& start() const { return start_; }

  /// Local. Stop: a signal has come, or the root sees that --max-runtime would be exceeded by another iteration like
  /// the longest of late. Save: the root's period is over.
  cluster::CheckpointRequest request() override;
  /// Collective. Where a checkpoint cannot be written the earlier one stays, and the log says so; throws
  /// comm::AgreedError (io, cannot_create, permission) if `must`.
  void save(const cluster::FitProgress& progress, bool must) override;
  /// Collective. The run is whole: checkpoints are removed.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void look(std::vector<std::pair<std::string, std::string>> identity, bool from_scratch, bool overwrite);
  void go_on_from(FoundCheckpoint found, bool run_is_whole);

  cli::Context& context_;
  std::filesystem::path directory_;
  double every_s_;
  double max_runtime_s_;  // 0: no limit
  Checkpoint next_;
  cluster::FitProgress start_;
  std::string news_;  // for the log
  std::vector<std::string> damaged_;
  bool is_complete_ = false;
  bool is_resumed_ = false;
  Clock::time_point saved_ = Clock::now();
  Clock::time_point asked_ = Clock::now();
  double longest_s_ = 0.0;
};

/// Collective. Says that the run needs nothing more, and removes its checkpoints.
core::ExitCode leave_complete(cli::Context& context, Checkpointing& checkpoints);

}  // namespace cardseg::run
