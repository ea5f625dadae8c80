// cardseg verify: is a run directory still what the run wrote? Without MPI.
//
//   cardseg verify run/
#include "cardseg/run/run_directory.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode verify(const run::VerifyOptions& o, cli::Context& c) {
  validate(o);
  const std::vector<run::Finding> findings = run::verify_run(o.run);
  c.console.print(run::text_of(findings, o.run));
  run::throw_if_any(findings, o.run);
  return core::ExitCode::done;
}

}  // namespace

cli::Job verify_job() {
  return make_job<run::VerifyOptions>(
      {.name = "verify",
       .summary = "check the files of a run directory against its manifest",
       .explanation = "Hashes every file again. Exit code 65 where one is missing, changed or not in the manifest.",
       .examples = {"cardseg verify run/"},
       .positional = "run",
       .uses_mpi = false},
      verify);
}

}  // namespace cardseg::jobs
