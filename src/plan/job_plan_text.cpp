#include "cardseg/plan/job_plan_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/duration.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::plan {
namespace {

using json = nlohmann::ordered_json;

std::string counted(std::int64_t count, const std::string& what) {
  return fmt::format("{} {}{}", core::with_commas(count), what, count == 1 ? "" : "s");
}

// As Slurm reads a time limit: days-hours:minutes:seconds.
std::string slurm_time(double s) {
  const auto minutes = static_cast<std::int64_t>(std::ceil(s / 60));
  return fmt::format("{}-{:02}:{:02}:00", minutes / 1440, minutes / 60 % 24, minutes % 60);
}

std::string segments_text(const JobWork& work) {
  if (work.segments.size() == 1) return counted(work.segments.front(), "segment");
  return fmt::format("{} numbers of segments, {} to {}", work.segments.size(), work.segments.front(),
                     work.segments.back());
}

std::string phases_text(const JobPlan& plan) {
  std::string text;
  for (const PlannedPhase& phase : plan.phases)
    text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", phase.name, phase.elapsed_s);
  return text + " s";
}

std::string assumption(const JobPlan& plan) {
  if (plan.work.job == PlannedJob::assign) return "";
  const std::string passes = plan.work.iterations == 1 ? "1 pass" : fmt::format("{} passes", plan.work.iterations);
  return fmt::format(" if each of {} takes {} and skips nothing{}", counted(plan.work.restarts, "restart"), passes,
                     plan.work.has_moves ? ", and moves follow" : "");
}

}  // namespace

std::vector<std::string> slurm_options(const JobPlan& plan) {
  return {fmt::format("--nodes={}", plan.nodes),
          fmt::format("--ntasks={}", plan.shape.ranks),
          fmt::format("--ntasks-per-node={}", plan.shape.node_ranks),
          fmt::format("--cpus-per-task={}", plan.shape.threads),
          "--mem=" + core::byte_size_above(plan.slurm_bytes),
          "--time=" + slurm_time(plan.limit_s)};
}

std::vector<std::string> described(const JobPlan& plan, const TimeConstants& constants) {
  const JobWork& work = plan.work;
  std::vector<std::string> lines = {
      fmt::format("plan     {} of {}, {} of {}, {}", name_of(work.job), counted(work.rows, "customer"),
                  counted(work.features, "feature"), counted(work.columns, "column"), segments_text(work)),
      fmt::format("input    {}, {}", counted(work.shards, "shard"), core::megabytes(work.shard_bytes)),
      fmt::format("ranks    {} on {}, {} each; {} a rank at most", plan.shape.ranks, counted(plan.nodes, "node"),
                  counted(plan.shape.threads, "thread"), counted(plan.rank_rows, "customer")),
      fmt::format("memory   {} a rank, {} a node at most; features {}", core::megabytes(plan.rank_bytes),
                  core::megabytes(plan.node_bytes), plan.is_streamed ? "streamed from scratch" : "in memory"),
      fmt::format("time     about {}{}: {}", core::about_text(plan.elapsed_s), assumption(plan), phases_text(plan)),
      "         " + constants.source_text()};
  if (work.job != PlannedJob::assign)
    lines.push_back(
        "         expect a tenth of it to twice as much: restarts that meet end, passes depend on the data, and bounds "
        "skip some");
  for (const std::string& option : slurm_options(plan)) lines.push_back("#SBATCH " + option);
  return lines;
}

std::string to_json(const JobPlan& plan, const TimeConstants& constants) {
  json phases = json::array();
  for (const PlannedPhase& phase : plan.phases)
    phases.push_back({{"name", phase.name}, {"elapsed_s", phase.elapsed_s}});
  const json whole = {{"job", name_of(plan.work.job)},
                      {"rows", plan.work.rows},
                      {"columns", plan.work.columns},
                      {"features", plan.work.features},
                      {"shards", plan.work.shards},
                      {"shard_bytes", plan.work.shard_bytes},
                      {"segments", plan.work.segments},
                      {"restarts", plan.work.restarts},
                      {"iterations", plan.work.iterations},
                      {"ranks", plan.shape.ranks},
                      {"nodes", plan.nodes},
                      {"ranks_per_node", plan.shape.node_ranks},
                      {"threads_per_rank", plan.shape.threads},
                      {"rows_per_rank", plan.rank_rows},
                      {"memory_bytes", {{"rank", plan.rank_bytes}, {"node", plan.node_bytes}}},
                      {"features_kept", plan.is_streamed ? "scratch" : "in memory"},
                      {"elapsed_s", plan.elapsed_s},
                      {"phases", phases},
                      {"time_constants", constants.source.empty() ? "built in" : constants.source},
                      {"slurm", slurm_options(plan)},
                      {"warnings", plan.warnings}};
  return whole.dump(1);
}

std::string text_of(const JobPlan& plan, const TimeConstants& constants, const PlanOptions& options) {
  if (options.json) return to_json(plan, constants);
  return fmt::format("{}", fmt::join(options.sbatch ? slurm_options(plan) : described(plan, constants), "\n"));
}

}  // namespace cardseg::plan
