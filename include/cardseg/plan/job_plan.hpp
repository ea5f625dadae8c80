// What a job should ask a batch system for: ranks, nodes, memory and time, from the headers of its shards alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/cluster/options.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/plan/plan_options.hpp"
#include "cardseg/plan/time_plan.hpp"
#include "cardseg/quality/study_options.hpp"
#include "cardseg/quality/trust_options.hpp"

namespace cardseg::plan {

struct JobPlan {
  JobWork work;
  RankShape shape;
  int nodes = 1;
  std::int64_t rank_rows = 0;  ///< the most
  std::int64_t rank_bytes = 0;
  std::int64_t node_bytes = 0;   ///< of all its ranks
  std::int64_t slurm_bytes = 0;  ///< for --mem: with what Slurm counts beside
  bool is_streamed = false;
  std::vector<PlannedPhase> phases;
  double elapsed_s = 0.0;
  double limit_s = 0.0;  ///< for --time: generous
  std::vector<std::string> warnings;
};

/// Ranks with fewer customers than this mostly wait for one another.
constexpr std::int64_t least_rank_rows = 100'000;

/// Pure. cluster::refining_sample() for each of these numbers of segments.
std::vector<std::int64_t> sampled_rows(cluster::FitOptions options, const std::vector<int>& segments,
                                       std::int64_t customers, int features);
/// Local. What the headers of shards say; the rest as JobWork has it.
JobWork work_on(const io::ShardSet& shards);
/// Local. The same for fits with these options, of each of these numbers of segments.
JobWork fit_work_on(const io::ShardSet& shards, int features, const std::vector<int>& segments,
                    const cluster::FitOptions& options, quality::Trust trust);
/// Local. The same for a study.
JobWork study_work_on(const io::ShardSet& shards, int features, const quality::StudyOptions& options,
                      quality::Trust trust);
/// Local. The same for scoring with so many segments.
JobWork scoring_work_on(const io::ShardSet& shards, int features, int segments);

/// Pure. Chooses what is not asked for: a rank for each 500,000 customers as far as the cores of the nodes go; one
/// node, or the fewest that hold the features in memory. Throws core::Error: usage where ranks, nodes and cores cannot
/// be; config where the nodes cannot hold the job, naming the fewest that can.
JobPlan plan_job(const JobWork& work, const MemoryNeed& need, const NodeOptions& asked, const TimeConstants& constants);

/// Local. Seconds that `cardseg plan` would say of a job on the ranks and threads of this one; 0 where
/// $CARDSEG_CONSTANTS names no constants.
double planned_s(const cli::Context& context, const JobWork& work);

}  // namespace cardseg::plan
