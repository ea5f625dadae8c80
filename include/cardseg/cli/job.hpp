// What a job is to the program: a name, help, options, and a function that runs.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "cardseg/cli/command_line.hpp"
#include "cardseg/cli/console.hpp"
#include "cardseg/cli/phases.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::cli {

/// What a running job is given.
struct Context {
  const comm::Communicator& comm;
  Console& console;  ///< log, progress and results
  Phases& phases;    ///< elapsed times
  int threads = 1;   ///< OpenMP threads of this rank
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

struct Job {
  std::string name;
  std::string summary;                ///< one line for `cardseg --help`
  std::string explanation;            ///< a paragraph for `cardseg NAME --help`
  std::vector<std::string> examples;  ///< command lines that a test runs
  std::string positional = {};        ///< options that words without a flag belong to: "shards"; with
                                      ///< blanks between, all but the last of one word: "run segment name"
  bool uses_mpi = true;
  bool stops_with_checkpoint = false;           ///< on signals, instead of ending at once
  std::function<OptionTables()> describe = {};  ///< its own options, in the order of --help
  std::function<core::ExitCode(Context&)> run = {};
  bool threads_are_elsewhere = false;  ///< --threads speaks of another machine than this one
};

/// Runs `argv` against the jobs: help, options, MPI, errors, exit code. The whole of main but the list of jobs.
int run_program(int argc, char** argv, const std::vector<Job>& jobs);

}  // namespace cardseg::cli
