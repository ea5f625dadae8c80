// cardseg assign: scores customers with a model that was fitted before.
//
//   cardseg assign --model run/model.json --shards shards/ --output scored/

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/report/assign_summary.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_record.hpp"
#include "cardseg/segments/score.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using segments::Model;

struct Options {
  cli::InputOptions input;
  cli::OutputOptions output;
  segments::ScoreOptions score;
};

cli::OptionTables describe(Options& o) { return {describe(o.score), describe(o.input), describe(o.output)}; }

void validate(const Options& o) {
  validate(o.input);
  validate(o.output);
  validate(o.score);
}

void write_scores(const Options& o, Context& c, const io::ShardSet& shards, const Model& model,
                  const cluster::Scores& scores, const run::RunRecord& record) {
  const fs::path directory = o.output.output;
  run::clear_run_directory(c.comm, directory, {"labels"});
  const std::vector<std::string> files = run::write_run_labels(c, shards, model.id_column(), scores, directory);
  run::complete_run(c, directory, shards, {{{"model_id", segments::model_id(model)}}, files}, record);
}

plan::JobWork work_of(const io::ShardSet& shards, const Model& model) {
  plan::JobWork work = plan::work_on(shards);
  work.job = plan::PlannedJob::assign;
  work.features = model.layout.features();
  work.segments = {model.centroids.segments};
  return work;
}

core::ExitCode run(const Options& o, Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  const Model model = comm::agree(c.comm, [&] { return segments::read_model(o.score.model); });
  c.phases.begin("headers");
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  comm::agree(c.comm, [&] { segments::check_schema(model, shards); });
  std::vector<fs::path> inputs = shards.paths();
  inputs.emplace_back(o.score.model);
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  if (!model.id_column().empty()) portfolio::check_unique_ids(c.comm, shards, model.id_column());
  c.phases.begin("score");
  const cluster::Scores scores = segments::score_shards(c.comm, shards, model, c.console);
  const cluster::SegmentTotals totals = cluster::total_segments(c.comm, scores, model.centroids.segments);
  const plan::MemoryPlan plan = plan::plan_scoring_memory(c, {shards.rows(), model.layout.features(), model.precision});
  const run::RunRecord record{"assign", shards.rows(), plan, 1.0, plan::planned_s(c, work_of(shards, model))};
  write_scores(o, c, shards, model, scores, record);
  const report::AssignRun summary{{shards.rows(), shards.rows(), 0}, totals, run::costs_of(c, record), o.output.output};
  c.console.print(report::console_text(report::assign_summary(model, summary)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job assign_job() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "assign",
      .summary = "score customers with a model",
      .explanation =
          "Prepares columns exactly as the model's fit did and writes each customer's segment. Scoring the\n"
          "portfolio of the fit gives the labels of the fit. Columns that the model does not know are ignored.",
      .examples = {"cardseg assign --model run/model.json --shards shards/ --output scored/",
                   "mpirun -n 2 cardseg assign --model run/model.json --shards shards/ --output scored/ --overwrite"},
      .positional = "",
      .uses_mpi = true,
      .describe = [options] { return describe(*options); },
      .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
