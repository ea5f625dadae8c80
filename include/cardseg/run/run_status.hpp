// What became of a run: at work, cut off, stopped with a checkpoint, finished. Without MPI, from its files alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/owner_lock.hpp"
#include "cardseg/run/progress_record.hpp"

namespace cardseg::run {

/// Which run is asked about.
struct StatusOptions {
  std::string run;    ///< its directory
  bool json = false;  ///< for programs
};

core::OptionTable describe(StatusOptions& options);
/// Throws core::Error(usage) where no run is named.
void validate(const StatusOptions& options);

enum class RunState {
  running,
  stale,       ///< its job is gone without a word
  stopped,     ///< with a checkpoint
  finished,    ///< its manifest is there
  unfinished,  ///< files of a run without a manifest, and nobody at work
};
inline constexpr core::EnumNames<RunState> run_state_names = {"running", "stale", "stopped", "finished", "unfinished"};

struct RunStatus {
  RunState state = RunState::unfinished;
  std::optional<io::FoundOwner> owner;  ///< running, stale
  std::optional<Progress> progress;     ///< what it said last
  std::string checkpoint;               ///< the file; empty: none
  std::string checkpoint_written;       ///< UTC
  std::string finished;                 ///< UTC; empty: unknown
  bool has_finished_run = false;        ///< one is there; beside a job at work: it is to be replaced
};

/// Local. Throws core::Error: input_missing where there is no such directory, bad_data where it holds no run.
RunStatus find_status(const std::filesystem::path& directory);

/// Lines for people, without a last line end.
std::string text_of(const RunStatus& status, const std::filesystem::path& directory);
std::string to_json(const RunStatus& status);

}  // namespace cardseg::run
