// Columns that tell customers apart and say nothing else of them: counters, indices, other keys.
#pragma once

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Collective. Makes features that are not described unused, with the reason and a warning that says how to use them,
/// where a column counts rows (0 to n - 1 or 1 to n in any order, from 10 customers on), or holds a different whole
/// number for each of 1,000 customers or more, or for fewer where its name is that of a counter or a key. Else fewer
/// different numbers are only warned of: a small file's amounts differ, too. The same on any number of ranks.
/// Cost: up to 4,096 rows a rank of every column of numbers; most columns show a fraction or a repetition there. More
/// rows of those that do not, and `are_distinct` for those in which none is found.
/// Throws comm::AgreedError(bad_data): no feature is left; what reading throws.
Schema leave_out_id_like(const comm::Communicator& comm, const io::ShardSet& shards, Schema schema,
                         core::Events& events);

}  // namespace cardseg::portfolio
