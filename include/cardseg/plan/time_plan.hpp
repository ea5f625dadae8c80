// How long a job is expected to take, phase by phase.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/plan/plan_options.hpp"
#include "cardseg/plan/time_constants.hpp"

namespace cardseg::plan {

/// What a job will do, as far as time is concerned.
struct JobWork {
  PlannedJob job = PlannedJob::fit;
  std::int64_t rows = 0;
  std::int64_t shard_bytes = 0;
  int shards = 1;
  int columns = 1;   ///< of a shard
  int features = 1;  ///< columns that are read
  std::vector<int> segments = {8};
  int restarts = 4;
  int iterations = PlanOptions().iterations;  ///< passes that a restart takes
  std::vector<std::int64_t> sampled_rows;     ///< cluster::refining_sample() for each of `segments`; none: 0
  bool is_improved = false;                   ///< centroids move between segments on the sample
  bool has_moves = false;                     ///< likewise on all customers, where restarts do not agree
  std::int64_t silhouette_sample = 0;
  std::int64_t refitted_rows = 0;  ///< quality::refitted_customers()
  bool is_streamed = false;
};

struct PlannedPhase {
  std::string name;
  double elapsed_s = 0.0;
};

/// Pure. The phases of run.json, as many seconds as `workers` (ranks times threads) need who never wait for one
/// another, nor for disks, memory or network, and prune nothing.
std::vector<PlannedPhase> plan_time(const JobWork& work, const TimeConstants& constants, int ranks, int threads);

double total_s(const std::vector<PlannedPhase>& phases);

}  // namespace cardseg::plan
