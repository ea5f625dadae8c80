// cardseg name: what the segments of a run are called, and another name for one of them. Without MPI.
//
//   cardseg name run/ 3 "Cash-dependent revolvers"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/name_summary.hpp"
#include "cardseg/run/rename_segment.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode name(const run::NameOptions& o, cli::Context& c) {
  validate(o);
  run::rename_segment(o);
  c.console.print(report::console_text(report::name_summary(run::named_model(o.run))));
  return core::ExitCode::done;
}

}  // namespace

cli::Job name_job() {
  return make_job<run::NameOptions>(
      {.name = "name",
       .summary = "show what segments are called, and rename one",
       .explanation =
           "Without a segment, shows the names. With one, changes its name in model.json, segments.csv, report.html "
           "and\n"
           "the manifest of a finished run of fit, so that verify still finds the run whole; segments and the model's\n"
           "id stay what they are. A name that was given so is kept as a person's; no two segments may have the same.",
       .examples = {"cardseg name run/", "cardseg name run/ 3 \"Cash-dependent revolvers\"",
                    "cardseg name --run run/ --segment 1 --name \"Quiet accounts\""},
       .positional = "run segment name",
       .uses_mpi = false},
      name);
}

}  // namespace cardseg::jobs
