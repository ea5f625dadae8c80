// cardseg drift: a month beside the customers of a fit.
//
//   cardseg drift shards/ --model run/model.json --output watch/2026-10
#include "cardseg/comm/agree.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/drift_report.hpp"
#include "cardseg/run/drift_run.hpp"
#include "cardseg/run/output_owner.hpp"
#include "cardseg/run/run_record.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode drift(const run::DriftOptions& o, cli::Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  run::OutputOwner owner(c, o.output, "drift");
  const run::RunDrift found = run::watch_month(c, o);
  const segments::Model& model = found.model;
  const io::ShardSet& shards = found.shards;
  const plan::MemoryPlan plan = plan::plan_scoring_memory(c, {shards.rows(), model.layout.features(), model.precision});
  const plan::JobWork work = plan::scoring_work_on(shards, model.layout.features(), model.segments());
  const run::RunRecord record{"drift", shards.rows(), plan, std::nullopt, plan::planned_s(c, work)};
  run::RunOutput output(owner, {});
  output.write(found.texts());
  output.complete(shards, found.config, record, found.warnings);
  c.console.print(
      report::console_text(report::drift_summary(found.content(), {run::costs_of(c, record), o.output.output})));
  return run::verdict_code(c, found);
}

}  // namespace

cli::Job drift_job() {
  return make_job<run::DriftOptions>(
      {.name = "drift",
       .summary = "say what has changed since the fit",
       .explanation =
           "Scores a month and compares it with the baseline in the model: every column by segment, the division into\n"
           "segments, distances, and how columns go together. A light is amber or red where an effect reaches its\n"
           "threshold and chance does not explain it. Nothing is refused: what assign would refuse is red.",
       .examples = {"cardseg drift shards/ --model run/model.json --output watch/2026-10",
                    "mpirun -n 2 cardseg drift shards/ --model run/model.json --history watch/ --fail-on red --output "
                    "watch/2026-11"},
       .positional = "shards"},
      drift);
}

}  // namespace cardseg::jobs
