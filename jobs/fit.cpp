// cardseg fit: shards in, k segments and a complete run directory out.
//
//   cardseg fit --shards shards/ --segments 5 --output run/
#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/fit_summary.hpp"
#include "cardseg/report/html_report.hpp"
#include "cardseg/run/checkpointing.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_record.hpp"
#include "cardseg/segments/make_model.hpp"
#include "cardseg/segments/score.hpp"
#include "cardseg/segments/tables.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using segments::Model;

struct Options {
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  plan::MemoryOptions memory;
  run::CheckpointOptions checkpoints;
  cluster::FitOptions fit;
};

cli::OptionTables describe(Options& o) {
  return {describe(o.input),  describe(o.features), describe(o.fit),
          describe(o.output), describe(o.memory),   describe(o.checkpoints)};
}

void validate(const Options& o) {
  validate(o.input);
  validate(o.output);
  validate(o.memory);
  validate(o.checkpoints);
  cluster::validate(o.fit);
  const bool is_file = o.fit.seeding == cluster::Seeding::file;
  if (is_file != !o.fit.centroids.empty())
    throw core::Error(core::ExitCode::usage,
                      is_file ? core::field("seeding") + " file needs " + core::field("centroids")
                              : core::field("centroids") + " needs " + core::field("seeding") + " file")
        .remedy("Give both or none");
}

// What a fit found: the model, this rank's scores, and how it went.
struct Fitted {
  Model model;
  cluster::Scores scores;
  double unsettled_share = 0.0;
};

// What shaped the model, as a study of this number of segments says it, too.
run::ResultConfig model_options(Options o) {
  return run::result_config({describe(o.input), describe(o.features), describe(o.fit)});
}

template <class T>
Fitted fit_portfolio(const Options& o, Context& c, const io::ShardSet& shards, const portfolio::Schema& schema,
                     const plan::MemoryPlan& plan, run::Checkpointing& checkpoints) {
  c.phases.begin("load");
  portfolio::LoadedPortfolio<T> loaded = portfolio::load_portfolio<T>(c.comm, shards, schema, c.console, plan.storage);
  std::optional<cluster::Centroids> given;
  if (!o.fit.centroids.empty())
    given = comm::agree(c.comm,
                        [&] { return segments::read_centroids_csv(o.fit.centroids, loaded.columns, o.fit.segments); });
  c.phases.end();
  cluster::FitTimes times;
  cluster::FitResult fitted = cluster::fit(c.comm, loaded.matrix, o.fit, given, c.console,
                                           {&checkpoints, checkpoints.start(), plan.together}, &times);
  c.phases.add("seed", times.seeding_s);
  c.phases.add("iterate", times.iteration_s);
  c.phases.begin("score");
  Fitted result;
  cluster::FinalScores scored = cluster::score_by_size(c.comm, loaded.matrix, std::move(fitted.centroids));
  fitted.centroids = std::move(scored.centroids);
  result.scores = std::move(scored.local_scores);
  result.model = segments::make_model({loaded.columns, o.features.precision, model_options(o), fitted, scored.totals});
  result.unsettled_share = cluster::unsettled_share({&fitted, 1});
  return result;
}

run::ResultConfig result_config(Options o) { return run::result_config(describe(o)); }

void write_run(const Options& o, Context& c, const io::ShardSet& shards, const Fitted& fitted,
               const std::vector<segments::ValueTotals>& values, const run::ResultConfig& config,
               const run::RunRecord& record) {
  const fs::path directory = o.output.output;
  run::clear_run_directory(c.comm, directory, {"labels"});
  std::vector<std::string> files = {"model.json", "segments.csv", "centroids.csv", "report.html"};
  for (std::string& name : run::write_run_labels(c, shards, fitted.model.id_column(), fitted.scores, directory))
    files.push_back(std::move(name));
  comm::agree(c.comm, [&] {
    if (!c.comm.is_root()) return;
    io::write_file(directory / "model.json", segments::to_json(fitted.model));
    io::write_file(directory / "segments.csv", segments::segments_csv(fitted.model, values));
    io::write_file(directory / "centroids.csv", segments::centroids_csv(fitted.model));
    io::write_file(directory / "report.html", report::html_report(fitted.model, values));
  });
  run::complete_run(c, directory, shards, {config, files}, record);
}

core::ExitCode run(const Options& o, Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  c.phases.begin("headers");
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const run::ResultConfig config = comm::agree(c.comm, [&] { return result_config(o); });
  run::Checkpointing checkpoints(c, o.checkpoints, o.output, {"fit", config}, shards);
  if (checkpoints.is_complete()) return run::leave_complete(c, checkpoints);
  std::vector<fs::path> inputs = shards.paths();
  inputs.insert(inputs.end(), {o.features.description, o.fit.centroids});
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite || checkpoints.is_resumed(), inputs);
  const portfolio::Schema schema = comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  const plan::MemoryPlan plan = plan::plan_memory(
      c, o.memory, o.output.output,
      {shards.rows(), schema.most_features(), o.features.precision, 0, o.fit.restarts, o.fit.together});
  if (!schema.id().empty()) portfolio::check_unique_ids(c.comm, shards, schema.id());
  const Fitted fitted = portfolio::with_precision(o.features.precision, [&]<class T>(std::type_identity<T>) {
    return fit_portfolio<T>(o, c, shards, schema, plan, checkpoints);
  });
  const std::vector<segments::ValueTotals> values =
      segments::total_values(c.comm, shards, schema, fitted.scores, o.fit.segments);
  const double planned_s =
      plan::planned_s(c, plan::fit_work_on(shards, schema.most_features(), {o.fit.segments}, o.fit));
  const run::RunRecord record{"fit", shards.rows(), plan, fitted.unsettled_share, planned_s};
  write_run(o, c, shards, fitted, values, config, record);
  checkpoints.finish();
  const report::FitRun summary{
      {shards.rows(), shards.rows(), 0}, record.unsettled_share, run::costs_of(c, record), o.output.output};
  c.console.print(report::console_text(report::fit_summary(fitted.model, summary)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job fit_job() {
  const auto options = std::make_shared<Options>();
  return {.name = "fit",
          .summary = "find segments in a portfolio and write a run directory",
          .explanation =
              "Reads HDF5 shards, prepares their columns, finds K segments by exact k-means and writes the model,\n"
              "the label of every customer and tables. The same input gives the same bytes on any number of\n"
              "ranks, threads and shards.",
          .examples =
              {"cardseg fit --shards shards/ --segments 5 --output run/",
               "mpirun -n 2 cardseg fit --shards shards/ --segments 5 --restarts 30 --output best/",
               "cardseg fit --shards shards/ --description portfolio.ini --precision double --output described/",
               "cardseg fit --shards shards/ --segments 5 --seeding file --centroids run/centroids.csv --output again/",
               "cardseg fit --shards shards/ --segments 5 --memory-limit 1.5G --output streamed/"},
          .positional = "",
          .uses_mpi = true,
          .stops_with_checkpoint = true,
          .describe = [options] { return describe(*options); },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
