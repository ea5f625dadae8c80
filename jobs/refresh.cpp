// cardseg refresh: a model for a new month that keeps the segments' numbers and names.
//
//   cardseg refresh --model run/model.json --shards shards/ --output run2/
#include "cardseg/comm/agree.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/refresh_chapter.hpp"
#include "cardseg/run/refresh_portfolio.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode refresh(const run::RefreshOptions& o, cli::Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  run::OutputOwner owner(c, o.output, "refresh");
  const run::RefreshedPortfolio found = run::refresh_portfolio(c, o);
  const run::RunRecord record{"refresh", found.shards.rows(), found.plan, std::nullopt, 0.0};
  run::RunOutput output(owner, {run::files::labels});
  output.write(found.texts(o.disclosure));
  const report::RowCounts rows = output.write_labels(found.shards, found.names, found.fit.local_scores);
  output.complete(found.shards, found.config, record, found.fit.warnings);
  c.console.print(report::console_text(report::refresh_summary(found.refresh, o.disclosure, rows, found.fit.warnings,
                                                               run::costs_of(c, record), o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job refresh_job() {
  return make_job<run::RefreshOptions>(
      {.name = "refresh",
       .summary = "fit a new month and keep the segments' numbers and names",
       .explanation =
           "Begins with the centroids of an older model, prepares columns as that does, and writes a run directory\n"
           "as fit does. Each new segment has the number and name of the old one that it shares most customers with;\n"
           "a number that nobody has any more is never used again. Where more customers would change segment by the\n"
           "new model alone than --max-moved allows, the old centroids are given weight until no more do.",
       .examples = {"cardseg refresh --model run/model.json --shards shards/ --output run2/",
                    "mpirun -n 2 cardseg refresh shards/ --model run/model.json --max-moved 5% --output near/"},
       .positional = "shards"},
      refresh);
}

}  // namespace cardseg::jobs
