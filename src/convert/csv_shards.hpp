// The second reading of a CSV file: its good rows go into shards, in the types that the first one found.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/table.hpp"
#include "convert/csv_file.hpp"
#include "convert/csv_record_reader.hpp"
#include "convert/csv_row_index.hpp"
#include "convert/csv_rows.hpp"

namespace cardseg::convert {

/// Collective. Where reading begins for each shard of `rows_per_shard` of all `rows`; one shard where there is no row.
/// `local_index` is of the rows that begin on this rank. Throws comm::AgreedError(usage) for too many shards.
std::vector<CsvRowIndex::Entry> locate_shards(const comm::Communicator& comm, const CsvRowIndex& local_index,
                                              std::int64_t rows, std::int64_t rows_per_shard);

/// The references must outlive it.
struct ShardWork {
  const CsvFile& file;
  char delimiter;
  const std::vector<CsvColumn>& columns;
  const ValueReader& reader;
  const std::vector<io::ColumnSpec>& specs;  ///< of the columns that are kept
  CsvRecordReader::TextCheck text_check;
  int deflate_level;
};

/// Local. Writes `rows` good rows from `start` on as one shard. Returns how many it wrote.
std::int64_t write_shard(const ShardWork& work, const CsvRowIndex::Entry& start, std::int64_t rows,
                         const std::filesystem::path& path);

}  // namespace cardseg::convert
