// Totals of values that people wrote as decimal numbers: 0.1 + 0.2 is 0.3.
#pragma once

#include <span>
#include <string>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/decimal_places.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"

namespace cardseg::portfolio {

/// The type by which decimal numbers of a column are to be understood.
core::StoredAs decimals_stored_as(const io::ShardSet& shards, const std::string& column);

/// Collective. The exact sum of values by group and of all; NaN, a missing value, counts as 0. Values that are decimal
/// numbers (core::decimal_places) are added as those, so that a sum of amounts in cents has two decimals; others as
/// they are stored.
GroupTotals total_decimals_by_group(const comm::Communicator& comm, std::span<const double> local_values,
                                    const Grouping& grouping, core::StoredAs stored);

}  // namespace cardseg::portfolio
