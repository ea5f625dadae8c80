// A month beside the fit: scored, counted, judged.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/monitor/drift.hpp"
#include "cardseg/monitor/drift_history.hpp"
#include "cardseg/monitor/watch_options.hpp"
#include "cardseg/report/drift_report.hpp"
#include "cardseg/run/guard.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::run {

struct DriftOptions {
  segments::ScoreOptions score;
  cli::InputOptions input;
  monitor::WatchOptions watch;
  GuardOptions guard;  ///< what it would refuse is red
  /// Directory whose directories hold drift.json of earlier months; empty: none.
  std::string history;
  cli::OutputOptions output;
};

cli::OptionTables describe(DriftOptions& options);
/// Throws core::Error(usage).
void validate(const DriftOptions& options);

/// What came out.
struct RunDrift {
  io::ShardSet shards;
  segments::Model model;
  monitor::WatchOptions watch;
  monitor::Drift drift;
  monitor::DriftHistory history;
  ResultConfig config;                ///< what shaped it
  std::vector<std::string> warnings;  ///< that a reader must know

  report::DriftContent content() const { return {model, drift, history, watch, warnings}; }
  /// Tables and report; they refer to this.
  std::vector<TextFile> texts() const;
};

/// Collective. Reads headers, prepares the output directory, scores and judges, with a phase for each. Throws
/// comm::AgreedError: what assign throws, but for the guard; bad_data where the model has no baseline or the month no
/// customers; what monitor::read_history() throws.
RunDrift watch_month(cli::Context& context, const DriftOptions& options);

/// Says so and returns bad_data where the month's light is what the job is to fail on; else done.
core::ExitCode verdict_code(cli::Context& context, const RunDrift& found);

}  // namespace cardseg::run
