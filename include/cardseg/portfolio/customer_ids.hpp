// The column that names customers: each name once.
#pragma once

#include <string>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/shard_set.hpp"

namespace cardseg::portfolio {

/// Collective. Throws comm::AgreedError(bad_data), naming both places, where two rows have the same id or a row has
/// none. Exact: equal 64-bit hashes are found by exchange, then the ids themselves are compared. Cost: one read of the
/// column;
/// 8 bytes a local row, and at most 64 MiB for the exchange, which is done in as many rounds as that needs.
void check_unique_ids(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& id_column);

}  // namespace cardseg::portfolio
