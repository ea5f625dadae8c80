// cardseg assign: scores customers with a model that was fitted before.
//   cardseg assign --model run/model.json --shards shards/ --output scored/
#include "cardseg/comm/agree.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/report/assign_summary.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/run/check_portfolio.hpp"
#include "cardseg/run/guard.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/score.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

struct Options {
  cli::InputOptions input;
  cli::OutputOptions output;
  segments::ScoreOptions score;
  run::GuardOptions guard;
  profile::DisclosureOptions disclosure;
  segments::PseudonymOptions pseudonyms;
};

cli::OptionTables describe(Options& o) {
  return {describe(o.score),      describe(o.guard), describe(o.pseudonyms),
          describe(o.disclosure), describe(o.input), describe(o.output)};
}

core::ExitCode assign(const Options& o, cli::Context& c) {
  const segments::Model model = comm::agree(c.comm, [&] {
    validate(o.input);
    validate(o.output);
    validate(o.score);
    validate(o.guard);
    validate(o.disclosure);
    return segments::read_model(o.score.model);
  });
  const auto names = comm::agree(c.comm, [&] { return segments::customer_names(model.id_column(), o.pseudonyms); });
  run::OutputOwner owner(c, o.output, "assign");
  c.phases.begin("headers");
  const io::ShardSet shards = run::open_scored(c, o.input, model);
  std::vector<std::filesystem::path> inputs = shards.paths();
  inputs.emplace_back(o.score.model);
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  const std::vector<std::string> noted = run::check_scored(c, model, shards);
  c.phases.begin("score");
  const segments::ScoredShards scored = segments::score_shards(c.comm, shards, model, c.console, o.score.reasons);
  const std::vector<std::string> warnings = run::check_shifts(c, model, scored.shifts, o.guard);
  const cluster::SegmentTotals totals = cluster::total_segments(c.comm, scored.local_scores, model.segments());
  const plan::MemoryPlan plan = plan::plan_scoring_memory(c, {shards.rows(), model.layout.features(), model.precision});
  const plan::JobWork work = plan::scoring_work_on(shards, model.layout.features(), model.segments());
  const run::RunRecord record{"assign", shards.rows(), plan, std::nullopt, plan::planned_s(c, work)};
  run::RunOutput output(owner, {run::files::labels});
  const report::RowCounts rows = output.write_labels(shards, names, scored.local_scores, scored.local_reasons);
  output.complete(shards, run::scoring_config(c.comm, o.guard, model, o.pseudonyms, o.score.reasons), record,
                  run::joined(noted, warnings));
  c.console.print(report::console_text(report::assign_summary(
      model, {rows, totals, warnings, run::costs_of(c, record), o.output.output, o.disclosure})));
  return core::ExitCode::done;
}

}  // namespace

cli::Job assign_job() {
  return make_job<Options>(
      {.name = "assign",
       .summary = "score customers with a model",
       .explanation =
           "Prepares columns exactly as the model's fit did and writes each customer's segment. Columns that the\n"
           "model does not know are ignored; those that hold other values are warned of, or refused by the guard.",
       .examples = {"cardseg assign shards/ --model run/model.json --reasons 3 --move --output scored/"},
       .positional = "shards"},
      assign);
}

}  // namespace cardseg::jobs
