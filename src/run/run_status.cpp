#include "cardseg/run/run_status.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/duration.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/checkpoint.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::optional<Progress> find_progress(const fs::path& directory) {
  try {
    return progress_record_from_json(io::read_file(directory / io::progress_file));
  } catch (const Error&) {  // not written yet, or cut off when the machine went down
    return std::nullopt;
  }
}

std::string finished_at(const fs::path& directory) {
  try {
    return core::parse_json<json>(io::read_file(directory / files::run_record)).at("finished");
  } catch (const std::exception&) {
    return "";
  }
}

RunState state_of(const RunStatus& status) {
  if (status.owner && !status.owner->is_gone) return RunState::running;
  if (status.has_finished_run && status.checkpoint.empty()) return RunState::finished;  // killed behind its last act
  if (status.owner) return RunState::stale;
  return status.checkpoint.empty() ? RunState::unfinished : RunState::stopped;
}

std::string state_line(const RunStatus& status) {
  switch (status.state) {
    case RunState::running: return fmt::format("runs: {}", io::name_of(status.owner->owner));
    case RunState::stale:
      return fmt::format("is stale, its job is gone: {}; last sign of life {} ago", io::name_of(status.owner->owner),
                         core::clock_text(std::max(0.0, status.owner->silent_s)));
    case RunState::stopped: return "stopped with a checkpoint";
    case RunState::finished: return status.finished.empty() ? "is finished" : "is finished, " + status.finished;
    case RunState::unfinished: return "did not finish, and no job works on it";
  }
  return "";
}

// What is to be done; empty: nothing.
std::string next_step(const RunStatus& status) {
  const bool has_checkpoint = !status.checkpoint.empty();
  switch (status.state) {
    case RunState::running:
    case RunState::finished: return "";
    case RunState::stale:
    case RunState::stopped:
      return has_checkpoint ? "run the same command again: it goes on from there" : "run the same command again";
    case RunState::unfinished: return "run the job again with --overwrite";
  }
  return "";
}

std::string phase_line(const Progress& progress) {
  std::string text = progress.phase;
  if (progress.share() >= 0) text += fmt::format(", {:.0f} %", 100 * progress.share());
  text += fmt::format(", for {}", core::clock_text(progress.phase_s));
  if (progress.left_s() >= 0) text += fmt::format(", about {} left", core::clock_text(progress.left_s()));
  return text;
}

}  // namespace

core::OptionTable describe(StatusOptions& o) {
  using core::Shapes;
  return {"Run",
          {core::text(o.run, {"run", "DIR", Shapes::inputs, "run directory"}),
           core::toggle(o.json, {"json", "", Shapes::nothing, "print the state as JSON, for programs"})}};
}

void validate(const StatusOptions& options) {
  if (options.run.empty()) throw Error(ExitCode::usage, "no run directory is named").remedy("cardseg status RUN");
}

RunStatus find_status(const fs::path& directory) {
  check_is_directory(directory);
  RunStatus status;
  status.owner = io::find_owner(directory);
  status.progress = find_progress(directory);
  const FoundCheckpoint found = find_checkpoint(directory);
  status.checkpoint = found.file;
  if (found.newest) status.checkpoint_written = found.newest->written;
  std::error_code unreachable;
  for (const char* last : {files::manifest, files::scaling_json})
    status.has_finished_run = status.has_finished_run || fs::exists(directory / last, unreachable);
  if (status.has_finished_run) status.finished = finished_at(directory);
  if (!status.owner && !status.has_finished_run && status.checkpoint.empty() && !holds_files_of_run(directory))
    throw Error(ExitCode::bad_data, "it holds no run, and no job works in it")
        .in_file(directory.string())
        .remedy("Name a run directory");
  status.state = state_of(status);
  return status;
}

std::string text_of(const RunStatus& status, const fs::path& directory) {
  std::string text = fmt::format("{:<11} {}", directory.string(), state_line(status));
  const auto add = [&](const char* label, const std::string& line) {
    if (!line.empty()) text += fmt::format("\n{:<11} {}", label, line);
  };
  const bool is_begun = status.state == RunState::running || status.state == RunState::stale;
  if (is_begun && status.progress) {
    add("phase", phase_line(*status.progress));
    add("at", status.progress->detail);
    add("ranks", fmt::format("{}, {} thread{} each", status.progress->ranks, status.progress->threads,
                             status.progress->threads == 1 ? "" : "s"));
    add("memory", core::megabytes(status.progress->peak_memory_bytes) + " at most on rank 0");
    add("written", status.progress->time);
  }
  if (!status.checkpoint.empty())
    add("checkpoint", fmt::format("{} of {}", status.checkpoint, status.checkpoint_written));
  if (status.state != RunState::finished && status.has_finished_run)
    add("earlier run", "is there until this one replaces it");
  add("next", next_step(status));
  return text;
}

std::string to_json(const RunStatus& status) {
  json whole = {{"state", run_state_names[status.state]}, {"has_finished_run", status.has_finished_run}};
  if (status.owner) {
    whole["owner"] = json::parse(io::to_json(status.owner->owner));
    whole["silent_s"] = std::max(0.0, status.owner->silent_s);
  }
  if (status.progress) whole["progress"] = json::parse(to_json(*status.progress));
  if (!status.checkpoint.empty())
    whole["checkpoint"] = {{"file", status.checkpoint}, {"written", status.checkpoint_written}};
  if (!status.finished.empty()) whole["finished"] = status.finished;
  return whole.dump(1);
}

}  // namespace cardseg::run
