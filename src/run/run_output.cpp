#include "cardseg/run/run_output.hpp"

#include <fmt/format.h>

#include "cardseg/cli/version.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/interruption.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/segments/labelled_customers.hpp"

namespace cardseg::run {

RunOutput::RunOutput(OutputOwner& owner, const std::vector<std::string>& folders)
    : owner_(owner), context_(owner.context()), directory_(owner.directory()) {
  owner_.check();
  clear_run_directory(context_.comm, directory_, folders);
  owner_.forget_earlier_run();
}

void RunOutput::write(const std::vector<TextFile>& texts) {
  for (const TextFile& each : texts) files_.push_back(each.name);
  comm::agree(context_.comm, [&] {
    if (!context_.comm.is_root()) return;
    for (const TextFile& each : texts) io::write_file(directory_ / each.name, each.text());
  });
}

report::RowCounts RunOutput::write_labels(const io::ShardSet& shards, const segments::CustomerNames& names,
                                          const cluster::Scores& local_scores,
                                          const std::vector<segments::ReasonColumn>& local_reasons) {
  context_.phases.begin("labels");
  for (const std::string& name : segments::write_labels(context_.comm, shards, {directory_ / files::labels, names},
                                                        local_scores, context_.console, local_reasons))
    files_.push_back(fmt::format("{}/{}", files::labels, name));
  const segments::LabelledCustomers labels(context_.comm, directory_);
  const auto segmented = labels.segmented(context_.comm);
  const std::int64_t done = segmented ? segmented->rows() : labels.rows();
  const report::RowCounts rows{shards.all_rows(), done, 0, shards.all_rows() - shards.rows()};
  comm::agree(context_.comm, [&] { check_rows(rows); });
  return rows;
}

void RunOutput::complete(const io::ShardSet& shards, const ResultConfig& config, const RunRecord& record,
                         const std::vector<std::string>& warnings) {
  context_.phases.begin("digest");
  Manifest manifest{record.job,        config, cli::result_versions(),
                    shards.all_rows(), {},     digest_outputs(context_.comm, directory_, files_),
                    warnings};
  if (shards.selection()) manifest.segmented = shards.rows();
  const std::vector<std::string> digests = shards.sha256(context_.comm);
  for (std::size_t i = 0; i < digests.size(); ++i)
    manifest.inputs.push_back({shards.shards()[i].header.path.filename().string(), digests[i]});
  comm::agree(context_.comm, [&] {
    if (!context_.comm.is_root()) return;
    Lineage lineage = lineage_of(shards);
    for (const std::string& warning : lineage.warnings) context_.console.warning(warning);
    manifest.lineage = std::move(lineage.conversions);
  });
  finish(std::move(manifest), record);
}

void RunOutput::complete(std::vector<FileDigest> inputs, const ResultConfig& config, const RunRecord& record,
                         const std::vector<std::string>& warnings) {
  context_.phases.begin("digest");
  finish({record.job, config, cli::result_versions(), record.rows, std::move(inputs),
          digest_outputs(context_.comm, directory_, files_), warnings},
         record);
}

void RunOutput::finish(Manifest manifest, const RunRecord& record) {
  context_.phases.end();
  owner_.check();
  const comm::Uninterrupted whole;
  write_run_record(owner_, record);
  comm::agree(context_.comm, [&] {
    if (context_.comm.is_root()) io::write_file(directory_ / files::manifest, to_json(manifest));
  });
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

void check_rows(const report::RowCounts& rows) {
  const std::int64_t accounted = rows.done + rows.not_segmented + rows.rejected;
  if (rows.in == accounted) return;
  throw core::Error(
      core::ExitCode::internal,
      fmt::format("{} rows came in, {} were labelled and {} rejected{}: {} are not accounted for", rows.in, rows.done,
                  rows.rejected,
                  rows.not_segmented > 0 ? fmt::format(", {} are not segmented by the filter", rows.not_segmented) : "",
                  rows.in - accounted))
      .remedy("Run the job again; the labels that were written are not to be used");
}

}  // namespace cardseg::run
