// The beginning of a run over a portfolio, as fit and study share it: shards, schema, checkpoints, where features are
// kept.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/core/warning_notes.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/plan/memory_limit.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/portfolio/schema.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/run/checkpointing.hpp"
#include "cardseg/run/output_owner.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/segments/label_files.hpp"

namespace cardseg::run {

/// What every run over a portfolio is told.
struct PortfolioOptions {
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  profile::DisclosureOptions disclosure;
  plan::MemoryOptions memory;
  CheckpointOptions checkpoints;
};

/// The tables of `options` with those of the job itself in their place.
cli::OptionTables describe(PortfolioOptions& options, std::vector<core::OptionTable> job);
/// Throws core::Error(usage).
void validate(const PortfolioOptions& options);

/// What shaped one model, whichever job found it: the options of input, features and fit.
ResultConfig model_config(PortfolioOptions options, cluster::FitOptions fit);

/// While it lives, signals that ask for a stop (cli::catch_stop_signals) end the work where ranks agree, with exit code
/// 75: what is heard beside iterations, which keep a checkpoint.
class HearsStops {
 public:
  HearsStops();
  ~HearsStops();
  HearsStops(const HearsStops&) = delete;
  HearsStops& operator=(const HearsStops&) = delete;
};

class PortfolioRun {
 public:
  /// Collective. Takes the run directory, reads headers and checkpoints, prepares the directory, resolves the
  /// description, and prints which column is the id and which are left out.
  /// `further_inputs`: files that the run reads beside shards and description. Throws comm::AgreedError.
  PortfolioRun(cli::Context& context, const PortfolioOptions& options, RunIdentity identity,
               const std::vector<std::filesystem::path>& further_inputs);

  /// The run was whole, but for its checkpoints: `leave_complete` is all that is left to do.
  bool is_complete() const { return checkpoints_.is_complete(); }
  core::ExitCode leave() { return leave_complete(context_, checkpoints_); }

  /// Of the customers that are segmented.
  const io::ShardSet& shards() const { return shards_; }
  OutputOwner& owner() { return owner_; }
  const ResultConfig& config() const { return identity_.config; }
  const portfolio::Schema& schema() const { return schema_; }
  /// Collective. Checks that the filter leaves enough customers, decides where features are kept, then checks that ids
  /// are unique, also among customers that are not segmented. `fits`: all that will be made.
  /// `need`: rows, features, precision and gathered values are filled in here.
  plan::MemoryPlan plan_memory(plan::MemoryNeed need, const std::vector<cluster::FitOptions>& fits);
  /// Collective. As segments::customer_names for the portfolio's id.
  segments::CustomerNames customer_names(const segments::PseudonymOptions& options) const;
  Checkpointing& checkpoints() { return checkpoints_; }
  /// What reads the portfolio says things here: the manifest keeps its warnings.
  core::Events& loading() { return loading_; }
  const std::vector<std::string>& warnings() const { return loading_.warnings(); }
  cli::Context& context() { return context_; }
  const PortfolioOptions& options() const { return options_; }

 private:
  HearsStops hears_stops_;
  cli::Context& context_;
  const PortfolioOptions& options_;
  core::WarningNotes loading_;
  RunIdentity identity_;
  OutputOwner owner_;
  io::ShardSet shards_;
  Checkpointing checkpoints_;
  portfolio::Schema schema_;
};

}  // namespace cardseg::run
