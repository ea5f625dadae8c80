#include "transactions/feature_shards.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <variant>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/shard_writer.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

constexpr std::int64_t rows_a_round = 65536;
constexpr std::int64_t most_shards = 1'000'000;

std::int64_t shard_count(const ShardPlan& plan) {
  const std::int64_t shards = std::max<std::int64_t>(1, (plan.rows + plan.rows_per_shard - 1) / plan.rows_per_shard);
  if (shards > most_shards)
    throw Error(ExitCode::usage, core::field("rows-per-shard") + " cannot be " + std::to_string(plan.rows_per_shard))
        .remedy("Give what makes at most 1000000 shards of " + std::to_string(plan.rows) + " rows");
  return shards;
}

// A place, the values, the id.
class RecordFormat {
 public:
  explicit RecordFormat(std::size_t values) : values_(values) {}

  void put(std::int64_t place, const std::string& id, const std::vector<double>& values,
           std::vector<std::byte>& record) const {
    const auto append = [&](const void* from, std::size_t bytes) {
      const auto* begin = static_cast<const std::byte*>(from);
      record.insert(record.end(), begin, begin + bytes);
    };
    record.clear();
    append(&place, sizeof place);
    append(values.data(), values_ * sizeof(double));
    append(id.data(), id.size());
  }
  static std::int64_t place_in(std::span<const std::byte> record) {
    std::int64_t place = 0;
    std::memcpy(&place, record.data(), sizeof place);
    return place;
  }
  static double value_in(std::span<const std::byte> record, std::size_t f) {
    double value = 0;
    std::memcpy(&value, record.data() + sizeof(std::int64_t) + f * sizeof value, sizeof value);
    return value;
  }
  std::string id_in(std::span<const std::byte> record) const {
    const auto text = record.subspan(sizeof(std::int64_t) + values_ * sizeof(double));
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }

 private:
  std::size_t values_;
};

// Rows in their places within a round, column by column.
class RowBlock {
 public:
  RowBlock(const ShardPlan& plan, const Range& rows) : words_(plan.words), rows_(rows) {
    for (const io::ColumnSpec& column : plan.columns) {
      block_.push_back(io::make_values(column.type));
      std::visit([&](auto& values) { values.resize(static_cast<std::size_t>(rows.size())); }, block_.back());
    }
  }

  void set(const RecordFormat& format, std::span<const std::byte> record) {
    const auto row = static_cast<std::size_t>(format.place_in(record) - rows_.begin);
    set_id(row, format.id_in(record));
    for (std::size_t v = 0; v + 1 < block_.size(); ++v) set_value(v + 1, row, format.value_in(record, v));
    ++count_;
  }
  bool is_whole() const { return count_ == rows_.size(); }

  // Rows [begin, end) of all.
  io::Block part(const Range& rows) const {
    io::Block part;
    for (const io::ColumnValues& column : block_)
      std::visit(
          [&](const auto& values) {
            const auto first = values.begin() + (rows.begin - rows_.begin);
            part.emplace_back(std::decay_t<decltype(values)>(first, first + rows.size()));
          },
          column);
    return part;
  }
  void add_missing(std::vector<std::int64_t>& missing) const {
    for (std::size_t v = 0; v + 1 < block_.size(); ++v)
      if (const auto* values = std::get_if<std::vector<double>>(&block_[v + 1]))
        missing[v] += std::ranges::count_if(*values, [](double value) { return std::isnan(value); });
      else if (const auto* texts = std::get_if<std::vector<std::string>>(&block_[v + 1]))
        missing[v] += std::ranges::count(*texts, "");
  }

 private:
  void set_id(std::size_t row, const std::string& id) {
    if (auto* texts = std::get_if<std::vector<std::string>>(&block_.front()))
      (*texts)[row] = id;
    else
      std::from_chars(id.data(), id.data() + id.size(), std::get<std::vector<std::int64_t>>(block_.front())[row]);
  }
  void set_value(std::size_t column, std::size_t row, double value) {
    if (auto* numbers = std::get_if<std::vector<double>>(&block_[column]))
      (*numbers)[row] = value;
    else if (auto* texts = std::get_if<std::vector<std::string>>(&block_[column]))
      (*texts)[row] = words_[column - 1][static_cast<std::size_t>(value)];
    else
      std::get<std::vector<std::int64_t>>(block_[column])[row] = static_cast<std::int64_t>(value);
  }

  const std::vector<std::vector<std::string>>& words_;
  Range rows_;
  io::Block block_;
  std::int64_t count_ = 0;
};

// This rank's shards, one after the other.
class LocalShards {
 public:
  LocalShards(const ShardPlan& plan, const Range& shards, const std::vector<std::string>& names,
              const io::ShardStaging& files)
      : plan_(plan), shards_(shards), next_(shards.begin), names_(names), files_(files) {}

  void append(const RowBlock& block, const Range& rows) {
    for (std::int64_t begin = rows.begin; begin < rows.end;) {
      if (!writer_) open();
      const Range part{begin, std::min(rows.end, end_of_shard())};
      writer_->append(block.part(part));
      begin = part.end;
      if (begin == end_of_shard()) close();
    }
  }
  // A portfolio of no customers has one empty shard.
  void close_empty() {
    if (next_ < shards_.end && plan_.rows == 0) open(), close();
  }

 private:
  std::int64_t end_of_shard() const { return std::min(plan_.rows, (next_ + 1) * plan_.rows_per_shard); }
  void open() {
    io::ShardWriterOptions options;
    options.deflate_level = plan_.deflate_level;
    writer_.emplace(files_.staged(names_[static_cast<std::size_t>(next_)]), plan_.columns,
                    end_of_shard() - next_ * plan_.rows_per_shard, options);
  }
  void close() {
    writer_->commit();
    writer_.reset();
    ++next_;
  }

  const ShardPlan& plan_;
  Range shards_;
  std::int64_t next_;
  const std::vector<std::string>& names_;
  const io::ShardStaging& files_;
  std::optional<io::ShardWriter> writer_;
};

}  // namespace

WrittenShards write_shards(const comm::Communicator& comm, const PlacedCustomers& local, const ShardPlan& plan,
                           const io::ShardStaging& files, core::Events& events) {
  const std::int64_t shards = comm::agree(comm, [&] { return shard_count(plan); });
  WrittenShards written;
  for (std::int64_t s = 0; s < shards; ++s) written.names.push_back(io::shard_name(plan.stem, s, shards));
  const auto shards_of = [&](int rank) { return core::local_range(rank, shards, comm.size()); };
  const auto rows_of = [&](int rank) {
    const Range range = shards_of(rank);
    return Range{std::min(plan.rows, range.begin * plan.rows_per_shard),
                 std::min(plan.rows, range.end * plan.rows_per_shard)};
  };
  const Range mine = shards_of(comm.rank());
  for (std::int64_t s = mine.begin; s < mine.end; ++s)
    written.local_names.push_back(written.names[static_cast<std::size_t>(s)]);
  const std::int64_t rounds = (comm.max(rows_of(comm.rank()).size()) + rows_a_round - 1) / rows_a_round;
  const auto rows_in_round = [&](int rank, std::int64_t round) {
    const Range rows = rows_of(rank);
    const std::int64_t begin = rows.begin + round * rows_a_round;
    return core::intersection(rows, {begin, begin + rows_a_round});
  };
  const RecordFormat format(plan.columns.size() - 1);
  LocalShards writers(plan, mine, written.names, files);
  written.missing.assign(plan.columns.size() - 1, 0);
  for (std::int64_t round = 0; round < rounds; ++round) {
    const comm::Outbox outbox = comm::agree(comm, [&] {
      comm::Outbox made(comm.size());
      std::vector<std::byte> record;
      for (int rank = 0; rank < comm.size(); ++rank) {
        const Range rows = rows_in_round(rank, round);
        for (auto at = std::ranges::lower_bound(local.places, rows.begin); at != local.places.end() && *at < rows.end;
             ++at) {
          const auto i = static_cast<std::size_t>(at - local.places.begin());
          format.put(*at, local.id(i), local.values(i), record);
          made.add(rank, record);
        }
      }
      return made;
    });
    const Range rows = rows_in_round(comm.rank(), round);
    RowBlock block = comm::agree(comm, [&] { return RowBlock(plan, rows); });
    comm::exchange(comm, outbox, [&](int, std::span<const std::byte> record) { block.set(format, record); });
    comm::agree(comm, [&] {
      if (!block.is_whole()) throw Error(ExitCode::internal, "customers are missing from a shard");
      block.add_missing(written.missing);
      writers.append(block, rows);
    });
    written.rows += rows.size();
    events.progress("writing shards", round + 1, rounds);
  }
  comm::agree(comm, [&] { writers.close_empty(); });
  written.rows = comm.sum(written.rows);
  comm.allreduce_sum(std::span(written.missing));
  return written;
}

}  // namespace cardseg::transactions
