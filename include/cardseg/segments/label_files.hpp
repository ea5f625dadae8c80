// labels/<shard>.h5: who is in which segment, in the rows and order of the input shards.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/segments/pseudonyms.hpp"
#include "cardseg/segments/reasons.hpp"

namespace cardseg::segments {

/// How label files name customers.
struct CustomerNames {
  std::string id_column;  ///< empty: none
  std::string key = {};   ///< of pseudonyms (pseudonyms.hpp); empty: ids as they are
};

/// Local. With the key that the options name. Throws core::Error(usage) where ids are to be pseudonyms and there are
/// none, and what read_key throws.
CustomerNames customer_names(const std::string& id_column, const PseudonymOptions& options);

/// The column that says why a customer is in no segment, in label files of shards with a selection; empty for others.
inline constexpr const char* reason_column = "reason";
inline constexpr const char* not_selected = "filter";

/// Where label files go.
struct LabelTarget {
  std::filesystem::path directory;  ///< exists
  CustomerNames names;
};

/// Collective. Writes one file for each shard into the directory: columns id, segment (from 1), distance (Euclidean, in
/// feature space), second_segment (0: none), margin, and `local_reasons`. The id is called as in the shards, or "id"
/// where that is the name of another column here, "pseudonym" where there is a key, or "row" with the global row where
/// there is no id. Each file has one writer, the rank that owns the shard's first row; scores that other ranks hold are
/// sent to it in pieces of 64 Ki rows. `local_scores`: rows local_range(rank, shards.rows(), size). Where `shards` have
/// a selection, the files have all rows: those that are not selected have segment and second_segment 0, NaN elsewhere,
/// and `not_selected` in `reason_column`. Returns the files' names. Throws comm::AgreedError; a rank that fails still
/// receives, so that nobody hangs. Precondition: with a key there is an id.
std::vector<std::string> write_labels(const comm::Communicator& comm, const io::ShardSet& shards,
                                      const LabelTarget& target, const cluster::Scores& local_scores,
                                      core::Events& events, const std::vector<ReasonColumn>& local_reasons = {});

}  // namespace cardseg::segments
