// Rows of features go to the ranks that write them, in the order of the customers' ids.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_staging.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::transactions {

/// Customers of this rank in the order of their places among all.
struct PlacedCustomers {
  std::vector<std::int64_t> places;                        ///< ascending
  std::function<const std::string&(std::size_t)> id;       ///< of the i-th of them
  std::function<std::vector<double>(std::size_t)> values;  ///< one a column but the id
};

struct ShardPlan {
  std::vector<io::ColumnSpec> columns;  ///< the id, then the features
  /// Of each column but the id: what the numbers 0, 1, ... of a column of texts stand for.
  std::vector<std::vector<std::string>> words;
  std::int64_t rows = 0;  ///< of all shards
  std::int64_t rows_per_shard = 0;
  std::string stem;
  int deflate_level = 0;
};

struct WrittenShards {
  std::vector<std::string> names;        ///< all shards, in row order
  std::vector<std::string> local_names;  ///< those that this rank wrote
  std::int64_t rows = 0;                 ///< counted where they are written
  std::vector<std::int64_t> missing;     ///< of each column but the id, counted there
};

/// Collective over comm. Each rank writes its share of the shards, 65,536 rows at a time; what other ranks have of
/// those comes by exchange. Memory: such rows once where they are sent and once where they are written.
WrittenShards write_shards(const comm::Communicator& comm, const PlacedCustomers& local, const ShardPlan& plan,
                           const io::ShardStaging& files, core::Events& events);

}  // namespace cardseg::transactions
