// run.json and the closing lines of a job: what varies between runs of the same input.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cardseg/cli/job.hpp"
#include "cardseg/cluster/assignment.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

/// What a job knows about its own run, beside times.
struct RunRecord {
  std::string job;
  std::int64_t rows = 0;
  plan::MemoryPlan plan;         ///< pass_bytes 0: the job passes over no features
  double unsettled_share = 0.0;  ///< customers that the screen left to the definition
  double planned_s = 0.0;        ///< what `cardseg plan` says without being told more; 0: it says nothing
};

/// Collective. Writes run.json: hosts, ranks, threads, times, memory, Slurm job.
void write_run_record(cli::Context& context, const std::filesystem::path& directory, const RunRecord& record);

/// What a job leaves behind beside run.json and the manifest.
struct RunOutputs {
  std::vector<std::pair<std::string, std::string>> config;  ///< options that shape results, sorted by name
  std::vector<std::string> files;                           ///< relative to the run directory
};

/// Collective. Writes labels/<shard>.h5 into the run directory. Returns the files' names relative to it.
std::vector<std::string> write_run_labels(cli::Context& context, const io::ShardSet& shards,
                                          const std::string& id_column, const cluster::Scores& local_scores,
                                          const std::filesystem::path& directory);

/// Collective. The end of every run: digests of inputs and outputs, run.json, and manifest.json, whose presence says
/// that the run is whole. Throws comm::AgreedError.
void complete_run(cli::Context& context, const std::filesystem::path& directory, const io::ShardSet& shards,
                  const RunOutputs& outputs, const RunRecord& record);

/// Collective. What the run took so far, for its closing lines.
report::RunCosts costs_of(const cli::Context& context, const RunRecord& record);

}  // namespace cardseg::run
