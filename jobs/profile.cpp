// cardseg profile: what columns of shards hold in each segment of a run that is finished.
//
//   cardseg profile run/ shards/ --output profiled/
#include "cardseg/comm/agree.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/profile_summary.hpp"
#include "cardseg/run/profile_portfolio.hpp"
#include "cardseg/run/profile_run.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode profile(const run::ProfileOptions& o, cli::Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  run::OutputOwner owner(c, o.output, "profile");
  const run::RunProfile found = run::profile_run(c, o);
  const plan::MemoryPlan plan = plan::plan_profile_memory(c, found.shards.rows());
  const run::RunRecord record{"profile", found.shards.rows(), plan, std::nullopt, 0.0};
  run::RunOutput output(owner, {});
  output.write(run::profile_texts(found.profile, found.previous));
  output.complete(found.shards, found.config, record, found.warnings);
  c.console.print(report::console_text(
      report::profile_summary(found.profile, {found.warnings, run::costs_of(c, record), o.output.output})));
  return core::ExitCode::done;
}

}  // namespace

cli::Job profile_job() {
  return make_job<run::ProfileOptions>(
      {.name = "profile",
       .summary = "write what every column holds in each segment",
       .explanation =
           "Profiles shards by the segments of a finished run, as fit does: columns that the fit did not have, a "
           "later\n"
           "month, or scored customers. The labels must be of these shards: the same files, rows and ids. Other\n"
           "customers are scored first where a model.json stands in place of the run. Without a description, columns\n"
           "are what they were at the fit.",
       .examples = {"cardseg profile run/ shards/ --output profiled/",
                    "mpirun -n 2 cardseg profile run/ shards/ --description portfolio.ini --output profiled/ "
                    "--overwrite",
                    "cardseg profile run/model.json shards/ --output scored_profile/"},
       .positional = "run shards"},
      profile);
}

}  // namespace cardseg::jobs
