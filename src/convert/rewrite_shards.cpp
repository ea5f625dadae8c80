#include "cardseg/convert/rewrite_shards.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/io/shard_staging.hpp"
#include "cardseg/io/shard_writer.hpp"

namespace cardseg::convert {
namespace {

using core::Range;

constexpr std::int64_t block_rows = 65536;
constexpr const char* stem = "customers";

// use(rows) for each piece of the rows of a shard.
template <class Use>
void for_each_block(Range all, Use use) {
  for (std::int64_t begin = all.begin; begin < all.end; begin += block_rows)
    use(Range{begin, std::min(begin + block_rows, all.end)});
}

class Rewriting {
 public:
  Rewriting(const io::ShardSet& shards, const ConvertOptions& options, const io::ShardStaging& files)
      : shards_(shards), options_(options), files_(files) {}

  // Returns the rows that it wrote.
  std::int64_t write(std::size_t shard, const std::string& name) const {
    const Range rows = shards_.shards()[shard].rows;
    io::ShardWriterOptions format;
    format.deflate_level = options_.deflate_level;
    io::ShardWriter writer(files_.staged(name), specs(rows), rows.size(), format);
    std::int64_t written = 0;
    for_each_block(rows, [&](Range piece) {
      io::Block block;
      for (int column = 0; column < std::ssize(shards_.columns()); ++column) block.push_back(values(column, piece));
      writer.append(block);
      written += piece.size();
    });
    writer.commit();
    return written;
  }

 private:
  const io::StoredColumn& stored(int column) const { return shards_.columns()[static_cast<std::size_t>(column)]; }

  std::vector<io::ColumnSpec> specs(Range rows) const {
    std::vector<io::ColumnSpec> all;
    for (int column = 0; column < std::ssize(shards_.columns()); ++column) {
      const io::StoredColumn& each = stored(column);
      const bool has_texts = each.type == io::ColumnType::text;
      all.push_back({each.name, each.type, has_texts ? text_bytes(column, rows) : 0, each.is_date, {}});
    }
    return all;
  }

  // Of the longest text: what the column declares, or what is there.
  std::int64_t text_bytes(int column, Range rows) const {
    std::int64_t longest = stored(column).text_bytes;
    if (longest > 0) return longest;
    for_each_block(rows, [&](Range piece) {
      for (const std::string& text : shards_.read_texts(column, piece))
        longest = std::max(longest, static_cast<std::int64_t>(text.size()));
    });
    return std::max<std::int64_t>(longest, 1);
  }

  template <class Number>
  std::vector<Number> numbers(int column, Range rows) const {
    std::vector<double> read(static_cast<std::size_t>(rows.size()));
    shards_.read_numbers(column, rows, read);
    std::vector<Number> values(read.size());
    std::ranges::transform(read, values.begin(), [](double number) { return static_cast<Number>(number); });
    return values;
  }

  template <class Number>
  std::vector<Number> integers(int column, Range rows) const {
    std::vector<std::int64_t> read(static_cast<std::size_t>(rows.size()));
    shards_.read_integers(column, rows, read);
    return {read.begin(), read.end()};
  }

  io::ColumnValues values(int column, Range rows) const {
    switch (stored(column).type) {
      case io::ColumnType::boolean: return numbers<std::int8_t>(column, rows);
      case io::ColumnType::int32: return integers<std::int32_t>(column, rows);
      case io::ColumnType::int64: return integers<std::int64_t>(column, rows);
      case io::ColumnType::float32: return numbers<float>(column, rows);
      case io::ColumnType::float64: return numbers<double>(column, rows);
      case io::ColumnType::text: return shards_.read_texts(column, rows);
    }
    return {};
  }

  const io::ShardSet& shards_;
  const ConvertOptions& options_;
  const io::ShardStaging& files_;
};

}  // namespace

core::OptionTable describe(RewriteOptions& o) {
  return {"",
          {core::toggle(o.from_shards, {"from-shards", "", core::Shapes::nothing,
                                        "the files are shards, or directories of shards, of any layout: they are "
                                        "written again with checksums and digests, by which damage shows; only " +
                                            core::field("deflate") + " is heeded beside it"})}};
}

RewriteReport rewrite_shards(const comm::Communicator& comm, const ConvertOptions& options) {
  const io::ShardSet shards(comm, options.inputs);
  io::ShardStaging files(comm, options.output_directory, stem, {}, options.overwrite);
  const auto count = static_cast<std::int64_t>(shards.shards().size());
  const Range mine = core::local_range(comm.rank(), count, comm.size());
  std::vector<std::string> local_names;
  const std::int64_t local_rows = comm::agree(comm, [&] {
    const Rewriting rewriting(shards, options, files);
    std::int64_t rows = 0;
    for (std::int64_t shard = mine.begin; shard < mine.end; ++shard) {
      local_names.push_back(io::shard_name(stem, shard, count));
      rows += rewriting.write(static_cast<std::size_t>(shard), local_names.back());
    }
    return rows;
  });
  files.publish(local_names);
  return {count, std::ssize(shards.columns()), shards.rows(), comm.sum(local_rows)};
}

}  // namespace cardseg::convert
