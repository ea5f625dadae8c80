// The profile of a portfolio: every column by segment, read once, exact.
#pragma once

#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"
#include "cardseg/portfolio/schema.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

/// A column that is to be profiled.
struct ProfiledColumn {
  portfolio::Column column;      ///< levels of categories may be learned already, or are learned here
  bool is_in_distance = false;   ///< it shaped the segments
  bool are_gaps_filled = false;  ///< missing values had a value in the distance
};

/// Pure. The columns of a schema of which a profile says something: all but the id and what is unused, dates aside.
/// `in_distance`: the names of the columns that shaped the segments.
std::vector<ProfiledColumn> profiled_columns(const portfolio::Schema& schema,
                                             const std::vector<std::string>& in_distance);

/// Collective. `local_groups.group`: of each of this rank's rows local_range(rank, shards.rows(), size) its segment,
/// from 0 as cluster::Scores has it; the number of segments where a customer is in none and counts in the whole alone.
/// `local_groups.groups`: 1 + the number of segments.
///
/// Of each column all figures are made of integers: counts, and sums of values that are cut to a grid (core::FineGrid);
/// so the profile is the same on any number of ranks and threads. Infinite values, and those above 1e150 in magnitude,
/// count as missing, which is warned of; not so in columns that say what segments are worth, which may have none. A
/// column of texts with too many levels, or of nothing but gaps, is left out, which `events` hears.
/// Memory on a rank: 8 bytes a local row and bounded scratch.
/// Throws comm::AgreedError: what reading throws; bad_data where an ordinal's level is not in its order.
Profile compute_profile(const comm::Communicator& comm, const io::ShardSet& shards, std::vector<ProfiledColumn> columns,
                        const portfolio::Grouping& local_groups, core::Events& events);

}  // namespace cardseg::profile
