// What the program's exit codes mean, for --help and the manual page.
#pragma once

#include <array>

#include "cardseg/core/error.hpp"

namespace cardseg::cli {

struct ExitMeaning {
  core::ExitCode code;
  const char* word;
  const char* meaning;
};

inline constexpr std::array<ExitMeaning, 11> exit_meanings = {{
    {core::ExitCode::done, "done", "The job did what it was asked to do."},
    {core::ExitCode::usage, "usage", "The command line cannot be understood."},
    {core::ExitCode::bad_data, "bad data",
     "An input does not hold what it should, or a file differs from its manifest."},
    {core::ExitCode::input_missing, "input missing", "An input file does not exist or cannot be read."},
    {core::ExitCode::internal, "internal", "A mistake in cardseg."},
    {core::ExitCode::system, "system or MPI", "The system or MPI failed."},
    {core::ExitCode::cannot_create, "cannot create", "An output cannot be created."},
    {core::ExitCode::io, "input/output", "Reading or writing failed, for example on a full disk."},
    {core::ExitCode::stopped, "stopped", "Stopped with a checkpoint: run the same command again."},
    {core::ExitCode::permission, "permission or policy", "Something is not permitted."},
    {core::ExitCode::config, "configuration",
     "A configuration file or a description is wrong, or the planned nodes cannot hold the job."},
}};

}  // namespace cardseg::cli
