// run.json and the closing lines of a job: what varies between runs of the same input.
#pragma once

#include <optional>
#include <string>

#include "cardseg/cli/job.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/run/output_owner.hpp"

namespace cardseg::run {

/// What a job knows about its own run, beside times.
struct RunRecord {
  std::string job;
  std::int64_t rows = 0;
  plan::MemoryPlan plan;  ///< pass_bytes 0: the job passes over no features
  /// Assignments that the screen left to the definition; none: the job does not screen.
  std::optional<double> unsettled_share;
  double planned_s = 0.0;  ///< what `cardseg plan` says without being told more; 0: it says nothing
};

/// Collective. Writes run.json: owner, hosts, ranks, threads, times, memory, Slurm job.
void write_run_record(const OutputOwner& owner, const RunRecord& record);

/// Collective. What the run took so far, for its closing lines.
report::RunCosts costs_of(const cli::Context& context, const RunRecord& record);

}  // namespace cardseg::run
