// cardseg plan: what a job will need, from the headers of its shards alone; the lines that ask Slurm for it.
//
//   cardseg plan --shards shards/ --segments 8
#include <fmt/format.h>
#include <unistd.h>
#include <boost/program_options.hpp>

#include <charconv>
#include <memory>
#include <thread>

#include "cardseg/cli/byte_size.hpp"
#include "cardseg/cli/describe.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/plan/calibrate.hpp"
#include "cardseg/plan/job_plan_text.hpp"
#include "cardseg/quality/segment_list.hpp"
#include "cardseg/segments/model.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using plan::PlannedJob;

struct Options {
  cli::InputOptions input;
  cli::FeatureOptions features;
  plan::NodeOptions placement;
  std::string job = "fit";
  std::string model;
  std::string segments;
  std::string memory_per_node;
  std::string constants;
  int restarts = 10;
  int iterations = 30;
  std::int64_t silhouette_sample = quality::StudyOptions().silhouette_sample;
  bool calibrate = false;
  bool json = false;
  bool sbatch = false;
};

void validate(const Options& o, PlannedJob job) {
  validate(o.input);
  if (o.restarts < 1 || o.iterations < 1)
    throw core::Error(core::ExitCode::usage, "--restarts and --iterations are at least 1").remedy("Give a number");
  if (job != PlannedJob::assign && !o.model.empty())
    throw core::Error(core::ExitCode::usage, "--model is for --job assign").remedy("Leave it out");
  if (o.json && o.sbatch)
    throw core::Error(core::ExitCode::usage, "--json and --sbatch exclude each other").remedy("Give one of them");
}

std::vector<int> segments_of(const Options& o, PlannedJob job) {
  if (o.segments.empty()) return quality::parse_segment_list(job == PlannedJob::study ? "2..12" : "8");
  if (job == PlannedJob::study) return quality::parse_segment_list(o.segments);
  cluster::FitOptions fit;
  const char* end = o.segments.data() + o.segments.size();
  if (const auto parsed = std::from_chars(o.segments.data(), end, fit.segments); parsed.ptr != end)
    throw core::Error(core::ExitCode::usage, "--segments cannot be '" + o.segments + "': it is no number")
        .remedy("A list is for --job study");
  cluster::validate(fit);
  return {fit.segments};
}

plan::TimeConstants constants_of(const Options& o) {
  return o.constants.empty() ? plan::known_time_constants() : plan::read_time_constants(o.constants);
}

plan::JobWork work_of(const Options& o, PlannedJob job, const io::ShardSet& shards) {
  plan::JobWork work = plan::work_on(shards);
  work.job = job;
  work.segments = segments_of(o, job);
  work.restarts = o.restarts;
  work.iterations = o.iterations;
  work.silhouette_sample = job == PlannedJob::study ? o.silhouette_sample : 0;
  return work;
}

// Of a model that exists, else of the description: all that may be features.
plan::MemoryNeed need_of(const Options& o, const io::ShardSet& shards, plan::JobWork& work) {
  plan::MemoryNeed need{shards.rows(), 0, o.features.precision};
  if (!o.model.empty()) {
    const segments::Model model = segments::read_model(o.model);
    segments::check_schema(model, shards);
    need.features = model.layout.features();
    need.precision = model.precision;
    work.segments = {model.centroids.segments};
  } else {
    need.features = resolve(o.features, shards.columns()).most_features();
  }
  work.features = need.features;
  if (work.job != PlannedJob::assign)
    work.sampled_rows = plan::sampled_rows({}, work.segments, shards.rows(), need.features);
  if (work.job == PlannedJob::study) {
    quality::StudyOptions study;
    if (!o.segments.empty()) study.segments = o.segments;
    study.silhouette_sample = o.silhouette_sample;
    quality::validate(study);
    need.extra_rank_bytes = quality::sample_bytes(study, shards.rows(), need.features);
  }
  return need;
}

core::ExitCode calibrate(const Options& o, Context& c) {
  const fs::path file = o.constants.empty() ? "cardseg-constants.json" : o.constants;
  const fs::path scratch = fs::temp_directory_path() / fmt::format("cardseg-calibrate-{}", ::getpid());
  const plan::TimeConstants constants = plan::measure_time_constants(c, scratch);
  io::write_file(file, to_json(constants));
  c.console.print(to_json(constants));
  c.console.print(fmt::format("saved    {0}; use it with --constants {0} or CARDSEG_CONSTANTS", file.string()));
  return core::ExitCode::done;
}

core::ExitCode run(Options& o, Context& c) {
  const PlannedJob job = plan::planned_job_named(o.job);
  if (o.calibrate) return calibrate(o, c);
  validate(o, job);
  const plan::TimeConstants constants = constants_of(o);
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  portfolio::check_any_used(shards, 1);
  plan::JobWork work = work_of(o, job, shards);
  const plan::MemoryNeed need = need_of(o, shards, work);
  o.placement.threads = c.threads;
  if (!o.memory_per_node.empty()) o.placement.node_bytes = cli::parse_byte_size(o.memory_per_node, "--memory-per-node");
  const plan::JobPlan plan = plan::plan_job(work, need, o.placement, constants);
  for (const std::string& warning : plan.warnings) c.console.warning(warning);
  if (o.json)
    c.console.print(to_json(plan, constants));
  else
    for (const std::string& line : o.sbatch ? plan::slurm_options(plan) : plan::described(plan, constants))
      c.console.print(line);
  return core::ExitCode::done;
}

void describe(boost::program_options::options_description& all, Options& o) {
  namespace po = boost::program_options;
  po::options_description options("Plan");
  options.add_options()                                                                                             //
      ("job", po::value(&o.job)->default_value(o.job)->value_name("JOB"), "what is planned: fit, study or assign")  //
      ("segments,k", po::value(&o.segments)->default_value(o.segments)->value_name("K"),
       "number of segments, for a study a list as 2..12; default: as the job's")                        //
      ("restarts", po::value(&o.restarts)->default_value(o.restarts)->value_name("N"), "as the job's")  //
      ("silhouette-sample", po::value(&o.silhouette_sample)->default_value(o.silhouette_sample)->value_name("N"),
       "as the study's")  //
      ("model", po::value(&o.model)->default_value(o.model)->value_name("FILE"),
       "model.json that assign will use; without it features and segments are as for a fit")  //
      ("iterations", po::value(&o.iterations)->default_value(o.iterations)->value_name("N"),
       "passes that a restart is expected to take; what it takes, only the data knows")  //
      ("ranks", po::value(&o.placement.ranks)->default_value(o.placement.ranks)->value_name("N"),
       "of all nodes; 0: one for each 500,000 customers, as far as there are cores")  //
      ("nodes", po::value(&o.placement.nodes)->default_value(o.placement.nodes)->value_name("M"),
       "0: one, or the fewest whose memory holds the features")  //
      ("cores-per-node", po::value(&o.placement.node_cores)->default_value(0)->value_name("N"),
       "0: as many as this machine has")  //
      ("memory-per-node", po::value(&o.memory_per_node)->default_value(o.memory_per_node)->value_name("SIZE"),
       "memory for all ranks on a node, as 64G; a job that cannot be held, also streamed, is refused (exit code 78)")  //
      ("calibrate", po::bool_switch(&o.calibrate), "measure the time constants of this machine and save them")  //
      ("constants", po::value(&o.constants)->default_value(o.constants)->value_name("FILE"),
       "time constants that --calibrate saved, or saves; default: $CARDSEG_CONSTANTS, else built in, and "
       "cardseg-constants.json to save")                           //
      ("json", po::bool_switch(&o.json), "print one JSON object")  //
      ("sbatch", po::bool_switch(&o.sbatch), "print options of sbatch alone, one a line");
  all.add(options);
}

}  // namespace

cli::Job plan_job() {
  const auto options = std::make_shared<Options>();
  return {.name = "plan",
          .summary = "what a job will need: ranks, memory, time, the lines for Slurm",
          .explanation =
              "Reads only the headers of the shards. Memory is the model that fit itself keeps to; time is what the\n"
              "constants of a machine say of so many passes without pruning, and an estimate. --threads are those of\n"
              "each rank on the nodes, as for the job.",
          .examples = {"cardseg plan --shards shards/ --segments 8",
                       "cardseg plan --job study --shards shards/ --description portfolio.ini --segments 2..12 --ranks "
                       "4 --nodes 2",
                       "cardseg plan --job assign --model run/model.json --shards shards/ --memory-per-node 4G --json",
                       "cardseg plan --calibrate --constants constants.json",
                       "cardseg plan --shards shards/ --segments 8 --constants constants.json --sbatch"},
          .positional = "",
          .uses_mpi = false,
          .describe =
              [options](auto& all) {
                describe(all, options->input);
                describe(all, options->features);
                describe(all, *options);
              },
          .run =
              [options](Context& context) {
                if (options->placement.node_cores == 0)
                  options->placement.node_cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
                return run(*options, context);
              },
          .threads_are_elsewhere = true};
}

}  // namespace cardseg::jobs
