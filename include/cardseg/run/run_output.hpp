// The end of every run: its files go into its directory, rows are counted, and the manifest says that it is whole.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cardseg/cli/job.hpp"
#include "cardseg/cluster/assignment.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/run/output_owner.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_record.hpp"
#include "cardseg/segments/label_files.hpp"

namespace cardseg::run {

/// A file of text that a run leaves behind; `text` is called on one rank.
struct TextFile {
  std::string name;  ///< relative to the run directory
  std::function<std::string()> text;
};

/// A run directory that is being filled. Every function is collective and throws comm::AgreedError.
class RunOutput {
 public:
  /// Removes an earlier run (clear_run_directory) and makes the folders that this one fills, where the directory is
  /// still the owner's; `owner` outlives this.
  RunOutput(OutputOwner& owner, const std::vector<std::string>& folders);

  void write(const std::vector<TextFile>& texts);
  /// Writes labels/<shard>.h5 for all shards, and reads back how many rows are in the files. `done` and `in` are
  /// counted apart: in by the shards' headers, done by the files that were written. Throws (internal) where
  /// they and the rejected do not add up.
  report::RowCounts write_labels(const io::ShardSet& shards, const segments::CustomerNames& names,
                                 const cluster::Scores& local_scores,
                                 const std::vector<segments::ReasonColumn>& local_reasons = {});
  /// Digests of inputs and outputs, run.json, and, where the directory is still the owner's, the manifest, whose
  /// presence says that the run is whole. `warnings`: what a reader of the result must know, the same on every
  /// repetition.
  void complete(const io::ShardSet& shards, const ResultConfig& config, const RunRecord& record,
                const std::vector<std::string>& warnings);
  /// The same of a job that reads other files: `inputs` with their digests.
  void complete(std::vector<FileDigest> inputs, const ResultConfig& config, const RunRecord& record,
                const std::vector<std::string>& warnings);

 private:
  void finish(Manifest manifest, const RunRecord& record);

  OutputOwner& owner_;
  cli::Context& context_;
  std::filesystem::path directory_;
  std::vector<std::string> files_;
};

/// Pure. The first warnings, then the second.
std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second);

/// Pure. Throws core::Error(internal) where rows came in and are neither done nor rejected, or the other way round.
void check_rows(const report::RowCounts& rows);

}  // namespace cardseg::run
