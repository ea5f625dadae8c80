// What segments are worth: the totals of the value columns.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::segments {

/// A column that says what segments are worth, and its total in each.
struct ValueTotals {
  std::string column;
  std::vector<double> by_segment;
};

/// Collective. The exact sum of each value column of the schema over each segment's customers; missing values count as
/// 0. Values that are decimal numbers (core::decimal_places) are added as those, so that 0.1 + 0.2 is 0.3 and a sum of
/// amounts in cents has two decimals; others as they are stored. Memory: one raw column. Throws
/// comm::AgreedError(bad_data) as portfolio::read_raw_column does.
std::vector<ValueTotals> total_values(const comm::Communicator& comm, const io::ShardSet& shards,
                                      const portfolio::Schema& schema, const cluster::Scores& local_scores,
                                      int segments);

}  // namespace cardseg::segments
