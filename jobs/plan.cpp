// cardseg plan: what a job will need, from the headers of its shards alone; the lines that ask Slurm for it.
//
//   cardseg plan --shards shards/ --segments 8
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "cardseg/cli/describe.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/plan/calibrate.hpp"
#include "cardseg/plan/job_plan_text.hpp"
#include "cardseg/quality/segment_list.hpp"
#include "cardseg/quality/study_options.hpp"
#include "cardseg/run/checkpointing.hpp"
#include "cardseg/segments/score.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using core::field;
using plan::PlannedJob;

struct Options {
  plan::PlanOptions plan;
  plan::NodeOptions placement{.node_cores = 0};
  cli::InputOptions input;
  cli::FeatureOptions features;
  quality::StudyOptions study{.segments = ""};  // of a fit, too, with one number of segments
  segments::ScoreOptions score;
  // What matters to the job alone.
  cli::OutputOptions output;
  plan::MemoryOptions memory;
  run::CheckpointOptions checkpoints;
};

// Every option of every job that can be planned, so that a job's words can be handed on as they are.
cli::OptionTables describe(Options& o) {
  core::OptionTable job = core::merged("Job", {describe(o.study), describe(o.study.fit), describe(o.score)});
  job.at("segments") = core::text(o.study.segments,
                                  {"segments,k", "K", core::Shapes::nothing,
                                   "number of segments, for a study a list, for example 2..12; default: as the job's"});
  job.at("model").help = "model.json that assign will use; without it features and segments are as for a fit";
  const core::OptionTable unused = core::merged("Accepted, for they are options of the job, and without effect",
                                                {describe(o.output), describe(o.memory), describe(o.checkpoints)});
  return {describe(o.plan), describe(o.placement), describe(o.input), describe(o.features), job, unused};
}

// The numbers of segments as the job reads them.
std::vector<int> segments_of(Options& o) {
  quality::StudyOptions& study = o.study;
  if (o.plan.job == PlannedJob::study) {
    if (study.segments.empty()) study.segments = quality::StudyOptions().segments;
    return quality::parse_segment_list(study.segments);
  }
  if (study.segments.empty()) return {study.fit.segments};
  try {
    describe(study.fit).at("segments").set({study.segments});
  } catch (core::Error& error) {
    throw error.remedy(error.remedy_text() + "; a list is for " + field("job") + " study");
  }
  return {study.fit.segments};
}

void validate(const Options& o) {
  validate(o.plan);
  validate(o.placement);
  validate(o.input);
  if (o.plan.job == PlannedJob::study) quality::validate(o.study);
  if (o.plan.job != PlannedJob::assign && !o.score.model.empty())
    throw core::Error(core::ExitCode::usage, field("model") + " is for " + field("job") + " assign")
        .remedy("Leave it out");
}

plan::TimeConstants constants_of(const Options& o) {
  return o.plan.constants.empty() ? plan::known_time_constants() : plan::read_time_constants(o.plan.constants);
}

// A model may be one that another job is about to write.
bool has_model(const Options& o, Context& c) {
  if (o.score.model.empty()) return false;
  std::error_code unreachable;
  if (fs::exists(o.score.model, unreachable)) return true;
  c.console.warning(o.score.model + " does not exist yet: features and segments are planned as for a fit");
  return false;
}

plan::JobWork work_of(const Options& o, const io::ShardSet& shards, const std::vector<int>& segments, int features) {
  plan::JobWork work = plan::fit_work_on(shards, features, segments, o.study.fit);
  work.job = o.plan.job;
  work.iterations = std::min(o.plan.iterations, o.study.fit.max_iterations);
  if (work.job == PlannedJob::assign) work.sampled_rows.clear();
  if (work.job == PlannedJob::study) work.silhouette_sample = o.study.silhouette_sample;
  return work;
}

// What the job that is planned asks for itself.
plan::MemoryNeed need_of(const Options& o, const io::ShardSet& shards, int features) {
  plan::MemoryNeed need{shards.rows(), features, o.features.precision};
  if (o.plan.job == PlannedJob::assign) return need;
  need.models = o.study.fit.restarts;
  need.together = o.study.fit.together;
  if (o.plan.job == PlannedJob::fit) return need;
  need.models = quality::fit_count(o.study);
  need.extra_rank_bytes = quality::sample_bytes(o.study, shards.rows(), features);
  return need;
}

plan::JobPlan plan_of(const Options& o, Context& c, const io::ShardSet& shards, const std::vector<int>& segments,
                      const plan::TimeConstants& constants) {
  if (!has_model(o, c)) {
    const int features = resolve(o.features, shards.columns()).most_features();
    return plan::plan_job(work_of(o, shards, segments, features), need_of(o, shards, features), o.placement, constants);
  }
  const segments::Model model = segments::read_model(o.score.model);
  segments::check_schema(model, shards);
  const int features = model.layout.features();
  plan::MemoryNeed need = need_of(o, shards, features);
  need.precision = model.precision;
  return plan::plan_job(work_of(o, shards, {model.centroids.segments}, features), need, o.placement, constants);
}

core::ExitCode calibrate(const Options& o, Context& c) {
  const fs::path file = o.plan.constants.empty() ? "cardseg-constants.json" : o.plan.constants;
  const fs::path scratch = fs::temp_directory_path() / fmt::format("cardseg-calibrate-{}", ::getpid());
  const plan::TimeConstants constants = plan::measure_time_constants(c, scratch);
  io::write_file(file, to_json(constants));
  c.console.print(to_json(constants));
  c.console.print(fmt::format("saved    {0}; use it with --constants {0} or CARDSEG_CONSTANTS", file.string()));
  return core::ExitCode::done;
}

core::ExitCode run(Options& o, Context& c) {
  if (o.plan.calibrate) return calibrate(o, c);
  if (o.placement.node_cores == 0) o.placement.node_cores = std::max(1U, std::thread::hardware_concurrency());
  o.placement.threads = c.threads;
  const std::vector<int> segments = segments_of(o);
  validate(o);
  const plan::TimeConstants constants = constants_of(o);
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  portfolio::check_any_used(shards, 1);
  const plan::JobPlan plan = plan_of(o, c, shards, segments, constants);
  for (const std::string& warning : plan.warnings) c.console.warning(warning);
  if (o.plan.json)
    c.console.print(to_json(plan, constants));
  else
    for (const std::string& line : o.plan.sbatch ? plan::slurm_options(plan) : plan::described(plan, constants))
      c.console.print(line);
  return core::ExitCode::done;
}

}  // namespace

cli::Job plan_job() {
  const auto options = std::make_shared<Options>();
  return {.name = "plan",
          .summary = "what a job will need: ranks, memory, time, the lines for Slurm",
          .explanation =
              "Reads only the headers of the shards, and takes every option of the job that it plans. Memory is the\n"
              "model that fit itself keeps to; time is what the constants of a machine say of so many passes without\n"
              "pruning, and an estimate. --threads are those of each rank on the nodes, as for the job.",
          .examples = {"cardseg plan --shards shards/ --segments 8",
                       "cardseg plan --job study --shards shards/ --description portfolio.ini --segments 2..12 --ranks "
                       "4 --nodes 2",
                       "cardseg plan --job assign --model run/model.json --shards shards/ --memory-per-node 4G --json",
                       "cardseg plan --calibrate --constants constants.json",
                       "cardseg plan --shards shards/ --segments 8 --constants constants.json --sbatch"},
          .positional = "",
          .uses_mpi = false,
          .describe = [options] { return describe(*options); },
          .run = [options](Context& context) { return run(*options, context); },
          .threads_are_elsewhere = true};
}

}  // namespace cardseg::jobs
