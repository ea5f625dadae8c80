// cardseg fit: shards in, k segments and a complete run directory out.
//
//   cardseg fit shards/ --segments 5 --output run/
#include "cardseg/comm/agree.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/fit_summary.hpp"
#include "cardseg/report/language.hpp"
#include "cardseg/run/fit_portfolio.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

struct Options {
  run::PortfolioOptions portfolio;
  cluster::FitOptions fit;
  cluster::SizeOptions sizes;
  run::EvidenceOptions evidence;
  report::WordOptions words;
  segments::PseudonymOptions pseudonyms;
};

cli::OptionTables describe(Options& o) {
  return run::describe(o.portfolio, {describe(o.fit), describe(o.sizes), describe(o.evidence), describe(o.words),
                                     describe(o.pseudonyms)});
}

core::ExitCode fit(const Options& o, cli::Context& c) {
  const run::RunIdentity identity = comm::agree(c.comm, [&] {
    run::validate(o.portfolio);
    run::validate_fit(o.fit, o.sizes);
    Options described = o;
    return run::RunIdentity{"fit", run::result_config(describe(described))};
  });
  run::PortfolioRun portfolio(c, o.portfolio, identity, {o.fit.centroids, o.evidence.followed.study});
  if (portfolio.is_complete()) return portfolio.leave();
  const io::ShardSet& shards = portfolio.shards();
  const segments::CustomerNames names = portfolio.customer_names(o.pseudonyms);
  const plan::MemoryPlan plan = run::plan_fit_memory(portfolio, o.fit, o.evidence);
  const run::PortfolioFit found = run::fit_portfolio(portfolio, o.fit, o.sizes, o.words, o.evidence, plan);
  const plan::JobWork work =
      plan::fit_work_on(shards, portfolio.schema().most_features(), {o.fit.segments}, o.fit, o.evidence.trust.trust);
  const run::RunRecord record{"fit", shards.rows(), plan, found.unsettled_share, plan::planned_s(c, work)};
  run::RunOutput output(portfolio.owner(), {run::files::labels});
  output.write(found.texts());
  const report::RowCounts rows = output.write_labels(shards, names, found.local_scores);
  output.complete(shards, portfolio.config(), record, run::joined(portfolio.warnings(), found.warnings));
  portfolio.checkpoints().finish();
  c.console.print(report::console_text(report::fit_summary(
      found.model, {rows, found.warnings, found.unsettled_share, run::costs_of(c, record), o.portfolio.output.output,
                    o.portfolio.disclosure, found.evidence.rules.trees})));
  return core::ExitCode::done;
}

}  // namespace

cli::Job fit_job() {
  return make_job<Options>(
      {.name = "fit",
       .summary = "find segments in a portfolio and write a run directory",
       .explanation =
           "Reads HDF5 shards, prepares their columns, finds K segments by k-means, and writes the model, the segment\n"
           "of every customer, tables and a report. Of several starts the best is kept, which is a local optimum. The\n"
           "arithmetic is exact: the same input gives the same bytes on any number of ranks, threads and shards.",
       .examples =
           {"cardseg fit shards/ --segments 5 --output run/",
            "mpirun -n 2 cardseg fit --shards shards/ --segments 5 --restarts 30 --output best/",
            "cardseg fit --shards shards/ --description portfolio.ini --precision double --output described/",
            "cardseg fit --shards shards/ --segments 5 --seeding file --centroids run/model.json --output again/",
            "cardseg fit --shards shards/ --segments 5 --min-segment 2% --output large/",
            "cardseg fit --shards shards/ --segments 5 --memory-limit 1.5G --output streamed/"},
       .positional = "shards",
       .stops_with_checkpoint = true},
      fit);
}

}  // namespace cardseg::jobs
