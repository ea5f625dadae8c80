// Shards in which damage cannot be seen.
#pragma once

#include <string>

#include "cardseg/io/shard_set.hpp"

namespace cardseg::io {

/// Pure. What is said of shards whose columns were written without checksums; empty where there are none.
std::string hidden_damage(const ShardSet& shards);

}  // namespace cardseg::io
