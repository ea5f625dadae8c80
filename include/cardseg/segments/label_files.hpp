// labels/<shard>.h5: who is in which segment, in the rows and order of the input shards.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"

namespace cardseg::segments {

/// Where label files go, and which column names their customers.
struct LabelTarget {
  std::filesystem::path directory;  ///< exists
  std::string id_column;            ///< empty: none
};

/// Collective. Writes one file for each shard into the directory: columns id (`id_column`, or "id" where that is the
/// name of another column here, or "row" with the global row where it is empty), segment (from 1), distance
/// (Euclidean, in feature space), second_segment (0: none), margin. Each file has one writer, the rank that owns the
/// shard's first row; scores that other ranks hold are sent to it in pieces of 64 Ki rows. `local_scores`: rows
/// local_range(rank, shards.rows(), size). Returns the files' names. Throws comm::AgreedError; a rank that fails still
/// receives, so that nobody hangs.
std::vector<std::string> write_labels(const comm::Communicator& comm, const io::ShardSet& shards,
                                      const LabelTarget& target, const cluster::Scores& local_scores,
                                      core::Events& events);

}  // namespace cardseg::segments
