// cardseg status: does a job still work on a run, and how far is it? Without MPI.
//
//   cardseg status run/
#include "cardseg/run/run_status.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode status(const run::StatusOptions& o, cli::Context& c) {
  validate(o);
  const run::RunStatus found = run::find_status(o.run);
  c.console.print(o.json ? to_json(found) : text_of(found, o.run));
  return core::ExitCode::done;
}

}  // namespace

cli::Job status_job() {
  return make_job<run::StatusOptions>(
      {.name = "status",
       .summary = "say whether a run is at work, cut off, stopped or finished",
       .explanation = "Reads the files of a run directory; the job that writes it is not disturbed. A run that is at "
                      "work says how\n"
                      "far it is: phase, restart, iteration, inertia, time left, memory. One is stale if its process "
                      "is gone, or,\n"
                      "seen from another machine, if there was no sign of life for 3 minutes.",
       .examples = {"cardseg status run/", "cardseg status run/ --json"},
       .positional = "run",
       .uses_mpi = false},
      status);
}

}  // namespace cardseg::jobs
