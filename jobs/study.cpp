// cardseg study: fits many numbers of segments on one load of the data and says how good each is.
//
//   cardseg study --shards shards/ --segments 2..6 --restarts 3 --output study/
#include <fmt/format.h>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/quality/preference.hpp"
#include "cardseg/quality/segment_list.hpp"
#include "cardseg/quality/studied_model.hpp"
#include "cardseg/quality/study_options.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/study_summary.hpp"
#include "cardseg/report/study_tables.hpp"
#include "cardseg/run/checkpointing.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_record.hpp"
#include "cardseg/segments/make_model.hpp"
#include "cardseg/segments/tables.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using quality::StudiedModel;
using segments::Model;

struct Options {
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  plan::MemoryOptions memory;
  run::CheckpointOptions checkpoints;
  quality::StudyOptions study;
};

cli::OptionTables describe(Options& o) {
  return {describe(o.input),  describe(o.features), describe(o.study),
          describe(o.output), describe(o.memory),   describe(o.checkpoints)};
}

void validate(const Options& o) {
  validate(o.input);
  validate(o.output);
  validate(o.memory);
  validate(o.checkpoints);
  quality::validate(o.study);
}

// Of each number of segments: what was measured, and the model as `fit` would write it.
struct Studied {
  std::vector<StudiedModel> measured;
  std::vector<Model> models;
  double unsettled_share = 0.0;  // of all fits
};

std::string directory_of(const StudiedModel& studied) { return fmt::format("models/k{:02}", studied.segments()); }

// What shaped one of the models, as a fit of this number of segments says it, too.
run::ResultConfig model_options(Options o, cluster::FitOptions fit) {
  return run::result_config({describe(o.input), describe(o.features), describe(fit)});
}

template <class T>
Studied study_matrix(const Options& o, Context& c, portfolio::FeatureMatrix<T>& matrix,
                     const cluster::FitControl& control) {
  const std::vector<cluster::FitOptions> options = quality::fit_options(o.study);
  cluster::FitTimes times;
  std::vector<cluster::FitResult> fits =
      cluster::fit_each(c.comm, matrix, options, std::nullopt, c.console, control, &times);
  c.phases.add("seed", times.seeding_s);
  c.phases.add("iterate", times.iteration_s);
  c.phases.begin("measure");
  Studied studied;
  studied.unsettled_share = cluster::unsettled_share(fits);
  studied.measured = quality::measure_fits(c.comm, matrix, options, std::move(fits));
  c.phases.begin("agreement");
  quality::measure_agreement(c.comm, matrix, studied.measured, c.console);
  c.phases.begin("sample");
  quality::measure_on_sample(c.comm, matrix, o.study.silhouette_sample, o.study.fit.seed, studied.measured);
  c.phases.end();
  return studied;
}

template <class T>
Studied study_portfolio(const Options& o, Context& c, const io::ShardSet& shards, const portfolio::Schema& schema,
                        const plan::MemoryPlan& plan, run::Checkpointing& checkpoints) {
  c.phases.begin("load");
  portfolio::LoadedPortfolio<T> loaded = portfolio::load_portfolio<T>(c.comm, shards, schema, c.console, plan.storage);
  c.phases.end();
  Studied studied = study_matrix(o, c, loaded.matrix, {&checkpoints, checkpoints.start(), plan.together});
  for (const StudiedModel& each : studied.measured) {
    const cluster::SegmentTotals totals = each.segmentation.totals();
    const run::ResultConfig options = model_options(o, each.options);
    studied.models.push_back(segments::make_model({loaded.columns, o.features.precision, options, each.fit, totals}));
  }
  return studied;
}

run::ResultConfig result_config(Options o) { return run::result_config(describe(o)); }

std::vector<report::StudyEntry> entries_of(const Studied& studied) {
  std::vector<report::StudyEntry> entries;
  for (std::size_t m = 0; m < studied.models.size(); ++m)
    entries.push_back({studied.measured[m], directory_of(studied.measured[m]) + "/model.json",
                       segments::model_id(studied.models[m])});
  return entries;
}

// Local. Writes the models of a study and its tables.
void write_files(const Options& o, const Studied& studied) {
  const fs::path directory = o.output.output;
  for (std::size_t m = 0; m < studied.models.size(); ++m) {
    const std::string place = directory_of(studied.measured[m]);
    io::write_file(directory / place / "model.json", segments::to_json(studied.models[m]));
    io::write_file(directory / place / "centroids.csv", segments::centroids_csv(studied.models[m]));
  }
  const std::vector<report::StudyEntry> entries = entries_of(studied);
  io::write_file(directory / "study.csv", report::study_csv(entries));
  io::write_file(directory / "study.json",
                 report::study_json(entries, quality::preferred_segments(studied.measured), o.study.silhouette_sample));
}

void write_run(const Options& o, Context& c, const io::ShardSet& shards, const Studied& studied,
               const run::ResultConfig& config, const run::RunRecord& record) {
  std::vector<std::string> files = {"study.csv", "study.json"};
  std::vector<std::string> directories;
  for (const StudiedModel& each : studied.measured) {
    directories.push_back(directory_of(each));
    files.insert(files.end(), {directory_of(each) + "/model.json", directory_of(each) + "/centroids.csv"});
  }
  run::clear_run_directory(c.comm, o.output.output, directories);
  comm::agree(c.comm, [&] {
    if (c.comm.is_root()) write_files(o, studied);
  });
  run::complete_run(c, o.output.output, shards, {config, files}, record);
}

plan::JobWork work_of(const Options& o, const io::ShardSet& shards, std::size_t features) {
  plan::JobWork work = plan::fit_work_on(shards, features, quality::parse_segment_list(o.study.segments), o.study.fit);
  work.job = plan::PlannedJob::study;
  work.silhouette_sample = o.study.silhouette_sample;
  return work;
}

core::ExitCode run(const Options& o, Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  c.phases.begin("headers");
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const run::ResultConfig config = comm::agree(c.comm, [&] { return result_config(o); });
  run::Checkpointing checkpoints(c, o.checkpoints, o.output, {"study", config}, shards);
  if (checkpoints.is_complete()) return run::leave_complete(c, checkpoints);
  std::vector<fs::path> inputs = shards.paths();
  inputs.emplace_back(o.features.description);
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite || checkpoints.is_resumed(), inputs);
  const portfolio::Schema schema = comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  const int features = schema.most_features();
  const plan::MemoryPlan plan = plan::plan_memory(
      c, o.memory, o.output.output,
      {shards.rows(), features, o.features.precision, quality::sample_bytes(o.study, shards.rows(), features),
       quality::fit_count(o.study), o.study.fit.together});
  if (!schema.id().empty()) portfolio::check_unique_ids(c.comm, shards, schema.id());
  const Studied studied = portfolio::with_precision(o.features.precision, [&]<class T>(std::type_identity<T>) {
    return study_portfolio<T>(o, c, shards, schema, plan, checkpoints);
  });
  const double planned_s = plan::planned_s(c, work_of(o, shards, schema.most_features()));
  const run::RunRecord record{"study", shards.rows(), plan, studied.unsettled_share, planned_s};
  write_run(o, c, shards, studied, config, record);
  checkpoints.finish();
  const report::StudyRun summary{shards.rows(), features, run::costs_of(c, record), o.output.output};
  if (c.comm.is_root())
    c.console.print(report::console_text(
        report::study_summary(entries_of(studied), quality::preferred_segments(studied.measured), summary)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job study_job() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "study",
      .summary = "compare numbers of segments on one load of the data",
      .explanation =
          "Fits every number of segments that is listed and writes how good each is by several criteria, how far\n"
          "restarts agree, and the models. Each model is the one that `cardseg fit` finds with the same options.\n"
          "The same input gives the same bytes on any number of ranks, threads and shards.",
      .examples =
          {"cardseg study --shards shards/ --segments 2..6 --restarts 3 --output study/",
           "mpirun -n 2 cardseg study --shards shards/ --segments 2,4,8..10 --restarts 3 --output study/ --overwrite",
           "cardseg study --shards shards/ --description portfolio.ini --segments 5 --silhouette-sample 1000 --output "
           "stable/",
           "cardseg assign --model study/models/k04/model.json --shards shards/ --output scored/"},
      .positional = "",
      .uses_mpi = true,
      .stops_with_checkpoint = true,
      .describe = [options] { return describe(*options); },
      .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
