// Whether the features of a job are kept in memory or streamed from a scratch file: decided once, before they are read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cardseg/app/job.hpp"
#include "cardseg/app/memory_limit.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::app {

/// What a job will hold.
struct MemoryNeed {
  std::int64_t rows = 0;  ///< of all ranks
  int features = 0;
  segments::Precision precision = segments::Precision::float32;
  std::int64_t extra_rank_bytes = 0;  ///< beside what a fit needs
  int models = 1;                     ///< that are fitted
  int together = 0;                   ///< FitOptions::together
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

/// Bytes that a rank with `rows` customers is expected to need at most with its features in memory.
std::int64_t planned_bytes(std::int64_t rows, int features, segments::Precision precision);
/// The same where they are streamed.
std::int64_t planned_streaming_bytes(std::int64_t rows, int features, segments::Precision precision, int threads);

/// Collective. Compares what the ranks of a node need with its limit, and says in the log what comes out. `beside`: the
/// path next to which a scratch file goes by default. Throws comm::AgreedError(usage) where even streaming needs more
/// than --memory-limit, naming the least that works; a limit that the user did not give is only warned of, and does not
/// make a rank stream that would save next to nothing by it.
MemoryPlan plan_memory(Context& context, const MemoryOptions& options, const std::filesystem::path& beside,
                       const MemoryNeed& need);

}  // namespace cardseg::app
