// cardseg verify: is a run directory still what the run wrote? Without MPI.
//
//   cardseg verify run/
#include <fmt/format.h>

#include <memory>

#include "cardseg/run/run_directory.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode run(const std::string& directory, cli::Context& c) {
  if (directory.empty())
    throw core::Error(core::ExitCode::usage, "no run directory is named").remedy("cardseg verify RUN");
  const std::vector<run::Finding> findings = run::verify_run(directory);
  for (const run::Finding& finding : findings) c.console.print(fmt::format("{}: {}", finding.file, finding.what));
  if (findings.empty()) {
    c.console.print(fmt::format("{}: every file is as the run wrote it", directory));
    return core::ExitCode::done;
  }
  throw core::Error(core::ExitCode::bad_data, fmt::format("{} file{} from the manifest", findings.size(),
                                                          findings.size() == 1 ? " differs" : "s differ"))
      .in_file(directory)
      .remedy("Run the job again");
}

}  // namespace

cli::Job verify_job() {
  const auto options = std::make_shared<run::VerifyOptions>();
  return {.name = "verify",
          .summary = "check the files of a run directory against its manifest",
          .explanation = "Hashes every file again. Exit code 65 where one is missing, changed or not in the manifest.",
          .examples = {"cardseg verify run/"},
          .positional = "run",
          .uses_mpi = false,
          .describe = [options] { return cli::OptionTables{describe(*options)}; },
          .run = [options](cli::Context& context) { return run(options->run, context); }};
}

}  // namespace cardseg::jobs
