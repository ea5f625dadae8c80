// cardseg fit: shards in, k segments and a complete run directory out.
//
//   cardseg fit --shards shards/ --segments 5 --output run/
//   mpirun -n 2 cardseg fit --shards shards/ --segments 5 --restarts 30 --output best/
//   cardseg fit --shards shards/ --description portfolio.ini --precision double --output described/
//   cardseg fit --shards shards/ --segments 5 --seeding file --centroids run/centroids.csv --output again/
//   cardseg fit --shards shards/ --segments 5 --memory-limit 1.5G --output streamed/
#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/agree.hpp"
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
using segments::Precision;

struct Options {
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  plan::MemoryOptions memory;
  run::CheckpointOptions checkpoints;
  cluster::FitOptions fit;
  std::string centroids;
};

void validate(const Options& o) {
  validate(o.input);
  validate(o.output);
  validate(o.memory);
  validate(o.checkpoints);
  cluster::validate(o.fit);
  const bool is_file = o.fit.seeding == cluster::Seeding::file;
  if (is_file != !o.centroids.empty())
    throw core::Error(core::ExitCode::usage,
                      is_file ? "--seeding file needs --centroids" : "--centroids needs --seeding file")
        .remedy("Give both or none");
}

// What a fit found: the model, this rank's scores, and how it went.
struct Fitted {
  Model model;
  segments::Scores scores;
  double unsettled_share = 0.0;
};

template <class T>
Fitted fit_portfolio(const Options& o, Context& c, const io::ShardSet& shards,
                     const portfolio::ResolvedDescription& resolved, const plan::MemoryPlan& plan,
                     run::Checkpointing& checkpoints) {
  c.phases.begin("load");
  portfolio::LoadedPortfolio<T> loaded =
      portfolio::load_portfolio<T>(c.comm, shards, resolved.features, c.console, plan.storage);
  std::vector<portfolio::ColumnEncoder> encoders;
  for (const portfolio::FittedColumn& column : loaded.columns)
    if (column.is_used()) encoders.push_back(column.encoder);
  std::optional<cluster::Centroids> given;
  if (!o.centroids.empty())
    given = comm::agree(c.comm, [&] { return segments::read_centroids_csv(o.centroids, encoders, o.fit.segments); });
  c.phases.end();
  cluster::FitTimes times;
  cluster::FitResult fitted = cluster::fit(c.comm, loaded.matrix, o.fit, given, c.console,
                                           {&checkpoints, checkpoints.start(), plan.together}, &times);
  c.phases.add("seed", times.seeding_s);
  c.phases.add("iterate", times.iteration_s);
  c.phases.begin("score");
  Fitted result;
  segments::FinalScores scored = segments::score_by_size(c.comm, loaded.matrix, std::move(fitted.centroids));
  fitted.centroids = std::move(scored.centroids);
  result.scores = std::move(scored.local_scores);
  result.model =
      segments::make_model(resolved, loaded.columns, shards, o.fit, fitted, scored.totals, o.features.precision);
  result.unsettled_share = cluster::unsettled_share({&fitted, 1});
  return result;
}

std::vector<segments::ValueTotals> value_totals(Context& c, const io::ShardSet& shards,
                                                const portfolio::ResolvedDescription& resolved, const Fitted& fitted) {
  std::vector<segments::ValueTotals> totals;
  for (const std::string& column : resolved.value) {
    const std::vector<double> raw = portfolio::read_raw_column(c.comm, shards, column);
    totals.push_back({column, segments::sum_by_segment(c.comm, fitted.scores, fitted.model.centroids.segments, raw)});
  }
  return totals;
}

run::ResultConfig result_config(const Options& o) {
  return run::result_config(
      o.input, o.features, o.fit,
      {{"centroids_sha256", run::digest_if_named(o.centroids)}, {"segments", std::to_string(o.fit.segments)}});
}

void write_run(const Options& o, Context& c, const io::ShardSet& shards, const Fitted& fitted,
               const std::vector<segments::ValueTotals>& values, const run::ResultConfig& config,
               const run::RunRecord& record) {
  const fs::path directory = o.output.output;
  run::clear_run_directory(c.comm, directory, {"labels"});
  std::vector<std::string> files = {"model.json", "segments.csv", "centroids.csv", "report.html"};
  for (std::string& name : run::write_run_labels(c, shards, fitted.model.id_column, fitted.scores, directory))
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
  inputs.insert(inputs.end(), {o.features.description, o.centroids});
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite || checkpoints.is_resumed(), inputs);
  const portfolio::ResolvedDescription resolved =
      comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  const plan::MemoryPlan plan = plan::plan_memory(c, o.memory, o.output.output,
                                                  {shards.rows(), static_cast<int>(resolved.features.size()),
                                                   o.features.precision, 0, o.fit.restarts, o.fit.together});
  if (!resolved.id.empty()) portfolio::check_unique_ids(c.comm, shards, resolved.id);
  const Fitted fitted = o.features.precision == Precision::float32
                            ? fit_portfolio<float>(o, c, shards, resolved, plan, checkpoints)
                            : fit_portfolio<double>(o, c, shards, resolved, plan, checkpoints);
  const std::vector<segments::ValueTotals> values = value_totals(c, shards, resolved, fitted);
  const double planned_s =
      plan::planned_s(c, plan::fit_work_on(shards, resolved.features.size(), {o.fit.segments}, o.fit));
  const run::RunRecord record{"fit", shards.rows(), plan, {}, fitted.unsettled_share, planned_s};
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
          .describe =
              [options](auto& all) {
                describe(all, options->input);
                describe(all, options->features);
                cli::describe(all, options->fit, options->centroids);
                describe(all, options->output);
                describe(all, options->memory);
                describe(all, options->checkpoints);
              },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
