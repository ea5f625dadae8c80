#include "convert/csv_shards.hpp"

#include <algorithm>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/shard_writer.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::int64_t most_shards = 1'000'000;
constexpr std::int64_t block_rows = 4096;

}  // namespace

// The rank that holds a shard's first row knows where that is, and tells by a sum.
std::vector<CsvRowIndex::Entry> locate_shards(const comm::Communicator& comm, const CsvRowIndex& local_index,
                                              std::int64_t rows, std::int64_t rows_per_shard) {
  const std::int64_t shards = std::max<std::int64_t>(1, (rows + rows_per_shard - 1) / rows_per_shard);
  if (shards > most_shards)
    throw comm::AgreedError(
        Error(ExitCode::usage, core::field("rows-per-shard") + " cannot be " + std::to_string(rows_per_shard))
            .remedy("Give what makes at most 1000000 shards of " + std::to_string(rows) + " rows"));
  const auto first_row = static_cast<std::int64_t>(comm.exscan_sum(local_index.rows()));
  const core::Range local_rows{first_row, first_row + local_index.rows()};
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(2 * shards), 0);
  for (std::int64_t shard = 0; shard < shards; ++shard) {
    const std::int64_t row = shard * rows_per_shard;
    if (!local_rows.contains(row)) continue;
    const CsvRowIndex::Entry entry = local_index.find(row - local_rows.begin);
    numbers[static_cast<std::size_t>(2 * shard)] = entry.offset;
    numbers[static_cast<std::size_t>(2 * shard + 1)] = entry.skip;
  }
  comm.allreduce_sum(std::span(numbers));
  std::vector<CsvRowIndex::Entry> starts;
  for (std::size_t i = 0; i < numbers.size(); i += 2) starts.push_back({numbers[i], numbers[i + 1]});
  return starts;
}

std::int64_t write_shard(const ShardWork& work, const CsvRowIndex::Entry& start, std::int64_t rows,
                         const std::filesystem::path& path) {
  io::ShardWriterOptions options;
  options.deflate_level = work.deflate_level;
  io::ShardWriter writer(path, work.specs, rows, options);
  CsvRecordReader reader(work.file, work.delimiter, {start.offset, 0}, work.file.size(), work.text_check);
  BlockBuilder builder(work.columns, work.reader, work.specs);
  const auto next_good_row = [&] {
    const CsvRecord* record = reader.next();
    while (record && builder.append(*record)) record = reader.next();
    if (record) return;
    work.file.check_unchanged();
    throw Error(ExitCode::internal, "rows that were counted are not there");
  };
  for (std::int64_t row = 0; row < start.skip; ++row) {
    next_good_row();
    builder.clear();
  }
  std::int64_t written = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    next_good_row();
    if (builder.rows() < block_rows && row + 1 < rows) continue;
    writer.append(builder.block());
    written += builder.rows();
    builder.clear();
  }
  writer.commit();
  return written;
}

}  // namespace cardseg::convert
