// Whether the features of a job are kept in memory or streamed from a scratch file: decided once, before they are read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cardseg/cli/job.hpp"
#include "cardseg/plan/memory_limit.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/portfolio/precision.hpp"

namespace cardseg::plan {

/// What a job will hold.
struct MemoryNeed {
  std::int64_t rows = 0;  ///< of all ranks
  int features = 0;
  portfolio::Precision precision = portfolio::Precision::float32;
  std::int64_t extra_rank_bytes = 0;  ///< beside what a fit needs
  int models = 1;                     ///< that are fitted
  int together = 0;                   ///< FitOptions::together
  std::int64_t gathered_values = 0;   ///< cluster::gathered_values() of the fits
};

/// Over what the need is divided.
struct RankShape {
  int ranks = 1;
  int node_ranks = 1;  ///< the most on a node
  int threads = 1;     ///< of each rank
};

/// The same on all ranks.
struct MemoryPlan {
  std::int64_t rank_bytes = 0;        ///< that the rank with the most rows is expected to need at most
  std::int64_t limit_rank_bytes = 0;  ///< a rank's part of the limit; 0: none
  std::int64_t pass_bytes = 0;        ///< that all ranks together read in one pass over the features
  portfolio::MatrixStorage storage;
  int together = 1;  ///< models that share passes

  /// "in memory" or "streamed from scratch, 160 MB a pass".
  std::string text() const;
};

/// Pure. Bytes that the rank with the most customers is expected to need at most with its features in memory. What is
/// measured lies between 0.67 and 1.0 of it (tests/endtoend/plan_test.cpp).
std::int64_t planned_bytes(const MemoryNeed& need, const RankShape& shape);
/// Pure. The same where they are streamed.
std::int64_t planned_streaming_bytes(const MemoryNeed& need, const RankShape& shape);
/// Pure. The same of `assign`, which holds scores and one block of features.
std::int64_t planned_scoring_bytes(const MemoryNeed& need, const RankShape& shape);

/// A rank's part of a node's memory, and whether the user insists on it.
struct RankLimit {
  std::int64_t bytes = 0;  ///< 0: none
  bool is_demanded = false;
};

/// What a rank is going to need at most, and how it keeps its features.
struct StorageChoice {
  std::int64_t rank_bytes = 0;
  bool is_streamed = false;
  std::int64_t least_rank_bytes = 0;  ///< with which it would do
};

/// Pure. In memory where that is within the limit, else streamed. A limit that the user did not give does not make a
/// rank stream that would save next to nothing by it.
StorageChoice choose_storage(const MemoryNeed& need, const RankShape& shape, const RankLimit& limit);

/// Collective. Compares what the ranks of a node need with its limit, and says in the log what comes out. `beside`: the
/// path next to which a scratch file goes by default. Throws comm::AgreedError(usage) where even streaming needs more
/// than --memory-limit, naming the least that works; a limit that the user did not give is only warned of, and does not
/// make a rank stream that would save next to nothing by it.
MemoryPlan plan_memory(cli::Context& context, const MemoryOptions& options, const std::filesystem::path& beside,
                       const MemoryNeed& need);

/// Collective. What a profile of so many customers on all ranks will need at most.
MemoryPlan plan_profile_memory(cli::Context& context, std::int64_t rows);

/// Collective. What scoring will need; features are never streamed there.
MemoryPlan plan_scoring_memory(cli::Context& context, const MemoryNeed& need);

}  // namespace cardseg::plan
