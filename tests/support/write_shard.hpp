// Small shards for tests: numbers by column, written by rank 0 for all ranks.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/shard_writer.hpp"

namespace cardseg::support {

/// A column of a shard and its values.
struct ShardColumn {
  std::string name;
  io::ColumnValues values;
};

/// Collective. All columns have one length.
inline void write_shard(const comm::Communicator& comm, const std::filesystem::path& path,
                        const std::vector<ShardColumn>& columns) {
  if (comm.is_root()) {
    std::vector<io::ColumnSpec> specs;
    io::Block block;
    for (const ShardColumn& column : columns) {
      const auto type = static_cast<io::ColumnType>(column.values.index());
      std::int64_t longest = type == io::ColumnType::text ? 1 : 0;
      if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values))
        for (const std::string& text : *texts) longest = std::max(longest, static_cast<std::int64_t>(text.size()));
      specs.push_back({column.name, type, longest});
      block.push_back(column.values);
    }
    io::ShardWriter writer(path, specs, io::row_count(block.front()));
    writer.append(block);
    writer.commit();
  }
  comm.barrier();
}

/// Rows [begin, end) of every column.
inline std::vector<ShardColumn> rows_of(std::vector<ShardColumn> columns, std::ptrdiff_t begin, std::ptrdiff_t end) {
  for (ShardColumn& column : columns)
    std::visit([&](auto& values) { values = {values.begin() + begin, values.begin() + end}; }, column.values);
  return columns;
}

}  // namespace cardseg::support
