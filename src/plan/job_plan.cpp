#include "cardseg/plan/job_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cardseg/cluster/refined_seeding.hpp"
#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/quality/segment_list.hpp"
#include "cardseg/quality/stability.hpp"

namespace cardseg::plan {
namespace {

using core::Error;
using core::ExitCode;
using core::field;

constexpr std::int64_t wanted_rank_rows = 500'000;
constexpr int most_nodes = 10'000;
// Slurm counts pages that ranks share once for each of them, and its own helper processes.
constexpr double slurm_factor = 1.1;
constexpr std::int64_t slurm_extra_bytes = std::int64_t{64} << 20;
constexpr double time_factor = 2;  // nobody knows the passes of a restart, nor what else the nodes do
constexpr double time_extra_s = 300;
constexpr double time_step_s = 300;

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

int node_places(const NodeOptions& asked) { return std::max(1, asked.node_cores / asked.threads); }

RankShape shape_of(std::int64_t ranks, int nodes, int threads) {
  return {static_cast<int>(ranks), static_cast<int>(divided_up(ranks, nodes)), threads};
}

// As many ranks as are asked for, or as customers and cores ask for.
RankShape wanted_shape(const JobWork& work, const NodeOptions& asked, int nodes) {
  if (asked.ranks > 0) return shape_of(asked.ranks, nodes, asked.threads);
  const std::int64_t wanted = std::max<std::int64_t>(nodes, divided_up(work.rows, wanted_rank_rows));
  return shape_of(std::min(wanted, std::int64_t{nodes} * node_places(asked)), nodes, asked.threads);
}

struct Choice {
  std::int64_t rank_bytes;
  bool is_streamed;
};

// Scoring streams nothing.
Choice choose(const JobWork& work, const MemoryNeed& need, const RankShape& shape, std::int64_t limit_bytes) {
  if (work.job == PlannedJob::assign) return {planned_scoring_bytes(need, shape), false};
  const StorageChoice choice = choose_storage(need, shape, {limit_bytes, true});
  return {choice.rank_bytes, choice.is_streamed};
}

// How features may be kept.
enum class Keeping { in_memory, any };

// The most ranks that the nodes hold.
std::optional<RankShape> held_shape(const JobWork& work, const MemoryNeed& need, const NodeOptions& asked, int nodes,
                                    Keeping keeping) {
  RankShape shape = wanted_shape(work, asked, nodes);
  while (asked.node_bytes > 0) {
    const std::int64_t limit = asked.node_bytes / shape.node_ranks;
    if (choose(work, need, shape, keeping == Keeping::any ? limit : 0).rank_bytes <= limit) break;
    if (asked.ranks > 0 || shape.node_ranks == 1) return std::nullopt;
    shape = shape_of(std::int64_t{shape.node_ranks - 1} * nodes, nodes, asked.threads);
  }
  return shape;
}

// 0: none.
int fewest_nodes(const JobWork& work, const MemoryNeed& need, const NodeOptions& asked, Keeping keeping) {
  const std::int64_t most = asked.ranks > 0 ? asked.ranks : work.rows;
  for (int nodes = 1; nodes <= std::min<std::int64_t>(most, most_nodes); ++nodes)
    if (held_shape(work, need, asked, nodes, keeping)) return nodes;
  return 0;
}

[[noreturn]] void refuse_memory(const JobWork& work, const MemoryNeed& need, const NodeOptions& asked, int nodes) {
  const RankShape shape = asked.ranks > 0 ? wanted_shape(work, asked, nodes) : shape_of(nodes, nodes, asked.threads);
  const std::int64_t limit = asked.node_bytes / shape.node_ranks;
  const std::int64_t bytes = choose(work, need, shape, limit).rank_bytes;
  const int fewest = fewest_nodes(work, need, asked, Keeping::any);
  const std::string more = core::byte_size_above(bytes * shape.node_ranks);
  throw Error(
      ExitCode::config,
      fmt::format("{} node{} with {} each cannot hold this: {} rank{} a node, {} each{}", nodes, nodes == 1 ? "" : "s",
                  core::byte_size_above(asked.node_bytes), shape.node_ranks, shape.node_ranks == 1 ? "" : "s",
                  core::byte_size_above(bytes), work.job == PlannedJob::assign ? "" : " even if features are streamed"))
      .remedy(fewest > 0 ? fmt::format("Use {} {} (the fewest that can), or {} {}", field("nodes"), fewest,
                                       field("memory-per-node"), more)
                         : fmt::format("No number of nodes can: use {} {}, or fewer ranks a node",
                                       field("memory-per-node"), more));
}

int chosen_nodes(const JobWork& work, const MemoryNeed& need, const NodeOptions& asked) {
  if (asked.nodes > 0) return asked.nodes;
  if (const int nodes = fewest_nodes(work, need, asked, Keeping::in_memory)) return nodes;
  return std::max(1, fewest_nodes(work, need, asked, Keeping::any));
}

void warn(JobPlan& plan, const MemoryNeed& need, const NodeOptions& asked) {
  if (plan.shape.ranks > 1 && plan.rank_rows < least_rank_rows)
    plan.warnings.push_back(fmt::format(
        "a rank has {} customers at most: with fewer than {} ranks mostly wait for one another; {} would do",
        plan.rank_rows, least_rank_rows, std::max<std::int64_t>(1, plan.work.rows / least_rank_rows)));
  if (plan.shape.node_ranks > node_places(asked))
    plan.warnings.push_back(fmt::format("{} ranks of {} threads share the {} cores of a node", plan.shape.node_ranks,
                                        asked.threads, asked.node_cores));
  if (!plan.is_streamed) return;
  const int nodes = fewest_nodes(plan.work, need, asked, Keeping::in_memory);
  plan.warnings.push_back("features do not fit in memory: every pass streams them from a scratch file" +
                          (nodes > 0 ? fmt::format("; {} {} would hold them", field("nodes"), nodes) : ""));
}

double rounded_limit_s(double elapsed_s) {
  return std::ceil((time_factor * elapsed_s + time_extra_s) / time_step_s) * time_step_s;
}

std::int64_t slurm_bytes(const JobPlan& plan, const NodeOptions& asked) {
  const auto wanted =
      static_cast<std::int64_t>(slurm_factor * static_cast<double>(plan.node_bytes)) + slurm_extra_bytes;
  if (asked.node_bytes == 0) return wanted;
  return plan.is_streamed ? asked.node_bytes : std::min(wanted, asked.node_bytes);
}

}  // namespace

JobWork work_on(const io::ShardSet& shards) {
  JobWork work;
  work.rows = shards.rows();
  work.shard_bytes = shards.bytes();
  work.shards = static_cast<int>(shards.shards().size());
  work.columns = static_cast<int>(shards.columns().size());
  return work;
}

std::vector<std::int64_t> sampled_rows(cluster::FitOptions options, const std::vector<int>& segments,
                                       std::int64_t customers, int features) {
  std::vector<std::int64_t> rows;
  for (int k : segments) {
    options.segments = k;
    rows.push_back(cluster::refining_sample(options, customers, features));
  }
  return rows;
}

JobWork fit_work_on(const io::ShardSet& shards, int features, const std::vector<int>& segments,
                    const cluster::FitOptions& options, quality::Trust trust) {
  JobWork work = work_on(shards);
  work.features = features;
  work.segments = segments;
  work.restarts = cluster::is_by_chance(options.seeding) ? options.restarts : 1;
  work.iterations = std::min(work.iterations, options.max_iterations);
  work.sampled_rows = sampled_rows(options, segments, shards.rows(), work.features);
  work.is_improved = options.improve != cluster::Improve::off;
  work.has_moves = options.improve == cluster::Improve::full && cluster::is_by_chance(options.seeding);
  work.refitted_rows = quality::refitted_customers(trust, work.rows);
  return work;
}

JobWork study_work_on(const io::ShardSet& shards, int features, const quality::StudyOptions& options,
                      quality::Trust trust) {
  JobWork work = fit_work_on(shards, features, quality::parse_segment_list(options.segments), options.fit, trust);
  work.job = PlannedJob::study;
  work.silhouette_sample = options.silhouette_sample;
  return work;
}

JobWork scoring_work_on(const io::ShardSet& shards, int features, int segments) {
  JobWork work = work_on(shards);
  work.job = PlannedJob::assign;
  work.features = features;
  work.segments = {segments};
  return work;
}

JobPlan plan_job(const JobWork& work, const MemoryNeed& need, const NodeOptions& asked,
                 const TimeConstants& constants) {
  validate(asked);
  if (asked.node_cores < 1) throw Error(ExitCode::internal, "the cores of a node are not known");
  JobPlan plan;
  plan.work = work;
  plan.nodes = chosen_nodes(work, need, asked);
  std::optional<RankShape> shape = held_shape(work, need, asked, plan.nodes, Keeping::in_memory);
  if (!shape) shape = held_shape(work, need, asked, plan.nodes, Keeping::any);
  if (!shape) refuse_memory(work, need, asked, plan.nodes);
  plan.shape = *shape;
  const Choice choice = choose(work, need, plan.shape, asked.node_bytes / plan.shape.node_ranks);
  plan.rank_rows = core::local_range(0, work.rows, plan.shape.ranks).size();
  plan.rank_bytes = choice.rank_bytes;
  plan.node_bytes = choice.rank_bytes * plan.shape.node_ranks;
  plan.slurm_bytes = slurm_bytes(plan, asked);
  plan.work.is_streamed = plan.is_streamed = choice.is_streamed;
  plan.phases = plan_time(plan.work, constants, plan.shape.ranks, plan.shape.threads);
  plan.elapsed_s = total_s(plan.phases);
  plan.limit_s = rounded_limit_s(plan.elapsed_s);
  warn(plan, need, asked);
  return plan;
}

double planned_s(const cli::Context& c, const JobWork& work) {
  try {
    return total_s(plan_time(work, known_time_constants(), c.comm.size(), c.threads));
  } catch (const Error&) {  // a wrong variable is no reason to lose a job that is done
    return 0;
  }
}

}  // namespace cardseg::plan
