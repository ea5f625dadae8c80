// cardseg study: fits many numbers of segments on one load of the data and says how good each is.
//
//   cardseg study --shards shards/ --segments 2..6 --restarts 3 --output study/
#include "cardseg/comm/agree.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/quality/preference.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/study_summary.hpp"
#include "cardseg/run/described_trust.hpp"
#include "cardseg/run/study_portfolio.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

struct Options {
  run::PortfolioOptions portfolio;
  quality::StudyOptions study;
  quality::TrustOptions trust;
};

cli::OptionTables describe(Options& o) { return run::describe(o.portfolio, {describe(o.study), describe(o.trust)}); }

core::ExitCode study(const Options& o, cli::Context& c) {
  const run::RunIdentity identity = comm::agree(c.comm, [&] {
    run::validate(o.portfolio);
    quality::validate(o.study);
    Options described = o;
    return run::RunIdentity{"study", run::result_config(describe(described))};
  });
  run::PortfolioRun portfolio(c, o.portfolio, identity, {});
  if (portfolio.is_complete()) return portfolio.leave();
  const io::ShardSet& shards = portfolio.shards();
  const int features = portfolio.schema().most_features();
  const plan::MemoryPlan plan =
      portfolio.plan_memory({.extra_rank_bytes = quality::sample_bytes(o.study, shards.rows(), features) +
                                                 run::testing_bytes(portfolio, o.trust),
                             .models = quality::fit_count(o.study),
                             .together = o.study.fit.together},
                            quality::fit_options(o.study));
  const run::PortfolioStudy found = run::study_portfolio(portfolio, o.study, o.trust, plan);
  const plan::JobWork work = plan::study_work_on(shards, features, o.study, o.trust.trust);
  const run::RunRecord record{"study", shards.rows(), plan, found.unsettled_share, plan::planned_s(c, work)};
  run::RunOutput output(portfolio.owner(), found.folders());
  output.write(found.texts(o.study.silhouette_sample));
  output.complete(shards, portfolio.config(), record, run::joined(portfolio.warnings(), found.warnings));
  portfolio.checkpoints().finish();
  const report::StudyRun summary{
      shards.rows(),       features, found.warnings, run::costs_of(c, record), o.portfolio.output.output,
      found.recommendation};
  c.console.print(report::console_text(
      report::study_summary(found.entries(), quality::preferred_segments(found.measured), summary)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job study_job() {
  return make_job<Options>(
      {.name = "study",
       .summary = "compare numbers of segments on one load of the data",
       .explanation = "Fits each number of segments that is listed. Writes how good each is by several criteria, how "
                      "far restarts\n"
                      "agree, and all models. Each model is the one that `cardseg fit` finds with the same options, "
                      "but for one whose\n"
                      "inertia exceeds that of fewer segments: it is fitted again from those. The same input gives the "
                      "same bytes on\n"
                      "any number of ranks, threads and shards.",
       .examples =
           {"cardseg study shards/ --segments 2..6 --restarts 3 --output study/",
            "mpirun -n 2 cardseg study --shards shards/ --segments 2,4,8..10 --restarts 3 --output study/ --overwrite",
            "cardseg study --shards shards/ --description portfolio.ini --segments 5 --silhouette-sample 1000 --output "
            "stable/",
            "cardseg assign --model study/models/k04/model.json --shards shards/ --output scored/"},
       .positional = "shards",
       .stops_with_checkpoint = true},
      study);
}

}  // namespace cardseg::jobs
