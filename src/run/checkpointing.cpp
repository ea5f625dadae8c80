#include "cardseg/run/checkpointing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/cli/stop_signals.hpp"
#include "cardseg/cli/version.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/interruption.hpp"
#include "cardseg/core/duration.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/utc_time.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/run_directory.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;
using core::field;

// What goes into the results, by names that people know.
std::vector<std::pair<std::string, std::string>> entries_of(const RunIdentity& identity, const io::ShardSet& shards) {
  std::vector<std::pair<std::string, std::string>> all = {{"the job", identity.job}};
  for (const auto& [name, value] : identity.config) all.emplace_back("--" + name, value);
  for (const auto& [name, value] : cli::result_versions()) all.emplace_back("the version of " + name, value);
  for (const io::PlacedShard& shard : shards.shards())
    all.emplace_back("shard " + shard.header.path.filename().string(),
                     fmt::format("{} rows in {} bytes", shard.rows.size(), fs::file_size(shard.header.path)));
  return all;
}

std::string summary(const cluster::FitProgress& progress) {
  std::int64_t finished = 0;
  std::string at_work;
  for (const cluster::RestartProgress& each : progress.restarts) {
    finished += each.is_finished ? 1 : 0;
    if (!each.is_finished && at_work.empty())
      at_work = fmt::format(", the next in iteration {}", each.result.iterations);
  }
  return fmt::format("{} restart{} done{}", finished, finished == 1 ? "" : "s", at_work);
}

}  // namespace

core::OptionTable describe(CheckpointOptions& o) {
  using core::Shapes;
  const auto time_of = [](const char* name) {
    return [name](const std::string& text) { core::parse_duration(text, field(name)); };
  };
  return {
      "Checkpoints",
      {core::text(o.every, time_of("checkpoint-every"),
                  {"checkpoint-every", "TIME", Shapes::nothing,
                   "time between checkpoints, for example 90s, 5m or 1h; the same command run again goes on from the "
                   "newest one, on any number of ranks, to the same bytes"}),
       core::text(o.max_runtime, time_of("max-runtime"),
                  {"max-runtime", "TIME", Shapes::nothing,
                   "stop before this time with a checkpoint and exit code 75, as on the signals USR1, TERM, INT and "
                   "HUP; default: no limit"}),
       core::toggle(o.restart_from_scratch, {"restart-from-scratch", "", Shapes::nothing,
                                             "remove a checkpoint that an earlier run left, and begin again"})}};
}

void validate(const CheckpointOptions& options) {
  core::parse_duration(options.every, field("checkpoint-every"));
  CheckpointOptions checked = options;
  core::validate(describe(checked));
}

Checkpointing::Checkpointing(cli::Context& context, const CheckpointOptions& options, const cli::OutputOptions& output,
                             const RunIdentity& identity, const io::ShardSet& shards)
    : context_(context),
      directory_(output.output),
      every_s_(core::parse_duration(options.every, field("checkpoint-every"))),
      max_runtime_s_(options.max_runtime.empty() ? 0.0
                                                 : core::parse_duration(options.max_runtime, field("max-runtime"))) {
  const comm::Communicator& comm = context.comm;
  std::string shared = comm::agree(comm, [&]() -> std::string {
    if (!comm.is_root()) return "";
    look(entries_of(identity, shards), options.restart_from_scratch, output.overwrite);
    return (is_complete_ ? "c" : is_resumed_ ? "r" : "n") + cluster::to_json(start_);
  });
  comm.broadcast(shared, 0);
  is_complete_ = shared[0] == 'c';
  is_resumed_ = shared[0] == 'r';
  if (!comm.is_root()) start_ = cluster::progress_from_json(shared.substr(1));
  for (const std::string& slot : damaged_)
    context.console.warning(fmt::format("{} is damaged and is not used", (directory_ / slot).string()));
  if (!news_.empty()) context.console.info(news_);
}

void Checkpointing::look(std::vector<std::pair<std::string, std::string>> identity, bool from_scratch, bool overwrite) {
  next_.identity = std::move(identity);
  next_.replaces = manifest_digest(directory_);
  FoundCheckpoint found = find_checkpoint(directory_);
  if (found.newest) next_.sequence = found.newest->sequence + 1;
  const bool is_left_over = !next_.replaces.empty() && found.newest && found.newest->replaces != next_.replaces;
  if (from_scratch || (is_left_over && overwrite)) return remove_checkpoints(directory_);
  if (!found.newest && found.damaged.empty()) return;
  if (!found.newest)
    throw Error(ExitCode::bad_data, "the checkpoint is damaged, and there is no other")
        .in_file((directory_ / found.damaged.front()).string())
        .remedy("Use " + field("restart-from-scratch") + " to begin again");
  go_on_from(std::move(found), is_left_over);
}

void Checkpointing::go_on_from(FoundCheckpoint found, bool run_is_whole) {
  const std::string file = (directory_ / found.file).string();
  const std::string difference = run::difference(found.newest->identity, next_.identity);
  if (run_is_whole && !difference.empty()) return;  // prepare_run_directory says that there is a run
  if (!difference.empty())
    throw Error(ExitCode::cannot_create,
                fmt::format("the directory holds an unfinished run with other settings: {}", difference))
        .in_file(file)
        .remedy(fmt::format("Run it again as then, choose another {}, or use {} to begin again", field("output"),
                            field("restart-from-scratch")));
  damaged_ = std::move(found.damaged);
  is_complete_ = run_is_whole;
  is_resumed_ = !run_is_whole;
  next_.replaces = found.newest->replaces;
  start_ = std::move(found.newest->progress);
  news_ = is_complete_ ? fmt::format("the run in {} was complete", directory_.string())
                       : fmt::format("resumes from {} of {}: {}", file, found.newest->written, summary(start_));
}

cluster::CheckpointRequest Checkpointing::request() {
  if (cli::is_stop_signalled()) return cluster::CheckpointRequest::stop;
  if (!context_.comm.is_root()) return cluster::CheckpointRequest::none;
  const auto now = Clock::now();
  const auto since = [&](Clock::time_point then) { return std::chrono::duration<double>(now - then).count(); };
  longest_s_ = std::max(0.9 * longest_s_, since(asked_));
  asked_ = now;
  if (max_runtime_s_ > 0 && since(context_.started) + longest_s_ > max_runtime_s_)
    return cluster::CheckpointRequest::stop;
  return since(saved_) >= every_s_ ? cluster::CheckpointRequest::save : cluster::CheckpointRequest::none;
}

void Checkpointing::save(const cluster::FitProgress& progress, bool must) {
  saved_ = Clock::now();
  try {
    comm::agree(context_.comm, [&] {
      if (!context_.comm.is_root()) return;
      next_.written = core::utc_now();
      next_.progress = progress;
      write_checkpoint(directory_, next_);
      ++next_.sequence;
    });
  } catch (comm::AgreedError& error) {
    if (must) throw;
    context_.console.warning("no checkpoint could be written, an earlier one stays: " + error.text());
  }
}

core::ExitCode leave_complete(cli::Context& context, Checkpointing& checkpoints) {
  checkpoints.finish();
  context.console.print("nothing was left to do");
  return ExitCode::done;
}

void Checkpointing::finish() {
  const comm::Uninterrupted whole;
  comm::agree(context_.comm, [&] {
    if (context_.comm.is_root()) remove_checkpoints(directory_);
  });
}

}  // namespace cardseg::run
