// The column that names customers: each name once.
#pragma once

#include <string>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"

namespace cardseg::portfolio {

/// Who said which column is the id, and so what a user can do where it is no good one.
enum class IdChosenBy { options, model, labels };

/// Collective. Throws comm::AgreedError(bad_data) where rows share an id, saying how many and naming the first that
/// repeats another's, or where a row has none. Exact: equal 64-bit hashes are found by exchange, then the ids
/// themselves are compared. Warns of ids with blanks around them. Cost: one read of the column, and `are_distinct`.
void check_unique_ids(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& id_column,
                      core::Events& events, IdChosenBy chosen_by = IdChosenBy::options);

}  // namespace cardseg::portfolio
