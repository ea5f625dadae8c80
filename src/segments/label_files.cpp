#include "cardseg/segments/label_files.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "cardseg/segments/labelled_customers.hpp"

namespace cardseg::segments {
namespace {

using comm::Communicator;
using core::Error;
using core::Range;
using io::ColumnSpec;
using io::ColumnType;

constexpr std::int64_t piece_rows = 65536;
constexpr int label_tag = 17;

// The label columns of up to 64 Ki rows, as they are sent and written.
struct Piece {
  std::vector<std::int32_t> segment;
  std::vector<float> distance;
  std::vector<std::int32_t> second;
  std::vector<float> margin;
  std::vector<std::vector<double>> reasons;  // by column

  Piece(std::int64_t rows, std::size_t reason_columns)
      : segment(static_cast<std::size_t>(rows)),
        distance(segment.size()),
        second(segment.size()),
        margin(segment.size()),
        reasons(reason_columns, std::vector<double>(segment.size())) {}

  template <class Use>
  void for_each_buffer(Use use) {
    use(std::as_writable_bytes(std::span(segment)));
    use(std::as_writable_bytes(std::span(distance)));
    use(std::as_writable_bytes(std::span(second)));
    use(std::as_writable_bytes(std::span(margin)));
    for (std::vector<double>& column : reasons) use(std::as_writable_bytes(std::span(column)));
  }
};

Piece cut(const cluster::Scores& scores, const std::vector<ReasonColumn>& reasons, Range local_rows) {
  Piece piece(local_rows.size(), reasons.size());
  for (std::size_t c = 0; c < reasons.size(); ++c)
    std::copy_n(reasons[c].values.begin() + local_rows.begin, local_rows.size(), piece.reasons[c].begin());
  for (std::size_t i = 0; i < piece.segment.size(); ++i) {
    const std::size_t at = static_cast<std::size_t>(local_rows.begin) + i;
    piece.segment[i] = scores.segment[at] + 1;
    piece.distance[i] = static_cast<float>(std::sqrt(scores.squared_distance[at]));
    piece.second[i] = scores.second[at] + 1;
    piece.margin[i] = scores.margin[at];
  }
  return piece;
}

template <class Use>
void for_each_piece(Range rows, Use use) {
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += piece_rows)
    use(Range{begin, std::min(begin + piece_rows, rows.end)});
}

// Where things are: global rows of ranks and shards.
struct Placement {
  const Communicator& comm;
  const io::ShardSet& shards;

  Range rows_of(int rank) const { return core::local_range(rank, shards.rows(), comm.size()); }
  /// The rank that writes a shard's labels.
  int writer_of(const io::PlacedShard& shard) const {
    const std::int64_t total = shards.rows();
    return total == 0 ? 0 : core::row_owner(std::min(shard.rows.begin, total - 1), total, comm.size());
  }
};

class LabelWriter {
 public:
  LabelWriter(const Placement& placement, const LabelTarget& target, const cluster::Scores& scores,
              const std::vector<ReasonColumn>& reasons)
      : at_(placement),
        id_(placement.shards.column_index(target.names.id_column)),
        id_column_(target.names.id_column),
        key_(target.names.key),
        scores_(scores),
        reasons_(reasons),
        directory_(target.directory) {}

  void send_to(int writer, const io::PlacedShard& shard) const {
    for_each_piece(intersection(at_.rows_of(at_.comm.rank()), shard.rows), [&](Range rows) {
      Piece piece = cut_global(rows);
      piece.for_each_buffer([&](std::span<std::byte> bytes) { at_.comm.send(bytes, writer, label_tag); });
    });
  }

  // Never throws before all ranks' pieces are received.
  void write(const io::PlacedShard& shard, std::optional<Error>& failure) const {
    std::optional<io::ShardWriter> writer;
    const auto attempt = [&](auto work) {
      if (failure) return;
      try {
        work();
      } catch (...) {
        failure = comm::current_error();
        if (at_.comm.size() > 1) failure->on_rank(at_.comm.rank());
        writer.reset();
      }
    };
    attempt([&] {
      // The manifest has the digest of the whole file.
      writer.emplace(directory_ / shard.header.path.filename(), specification(shard), shard.rows.size(),
                     io::ShardWriterOptions{.has_digests = false});
    });
    for (int rank = 0; rank < at_.comm.size(); ++rank)
      for_each_piece(intersection(at_.rows_of(rank), shard.rows), [&](Range rows) {
        Piece piece(rows.size(), reasons_.size());
        if (rank == at_.comm.rank()) {
          piece = cut_global(rows);
        } else {
          piece.for_each_buffer([&](std::span<std::byte> bytes) { at_.comm.receive(bytes, rank, label_tag); });
        }
        attempt([&] { append(*writer, rows, std::move(piece)); });
      });
    attempt([&] { writer->commit(); });
  }

 private:
  Piece cut_global(Range rows) const {
    const std::int64_t first = at_.rows_of(at_.comm.rank()).begin;
    return cut(scores_, reasons_, {rows.begin - first, rows.end - first});
  }

  bool has_text_id() const {
    return id_ >= 0 && at_.shards.columns()[static_cast<std::size_t>(id_)].type == ColumnType::text;
  }

  std::vector<ColumnSpec> specification(const io::PlacedShard& shard) const {
    ColumnSpec id{id_ >= 0 ? id_column_ : "row", ColumnType::int64, 0};
    for (const char* taken : {"segment", "distance", "second_segment", "margin"})
      if (id.name == taken) id.name = "id";
    if (is_reason_column(id.name)) id.name = "id";
    if (!key_.empty()) {
      id = {pseudonym_column, ColumnType::text, pseudonym_bytes};
    } else if (has_text_id()) {
      id.type = ColumnType::text;
      id.text_bytes = text_bytes(shard);
    }
    std::vector<ColumnSpec> columns = {id,
                                       {"segment", ColumnType::int32, 0},
                                       {"distance", ColumnType::float32, 0},
                                       {"second_segment", ColumnType::int32, 0},
                                       {"margin", ColumnType::float32, 0}};
    for (const ReasonColumn& column : reasons_) columns.push_back(column.spec);
    return columns;
  }

  // The declared width of the ids, or the longest where the file does not declare one; at least one byte.
  std::int64_t text_bytes(const io::PlacedShard& shard) const {
    std::int64_t longest = 1;
    for (const io::StoredColumn& column : shard.header.columns)
      if (column.name == id_column_) longest = std::max(longest, column.text_bytes);
    if (longest > 1) return longest;
    for_each_piece(shard.rows, [&](Range rows) {
      for (const std::string& id : at_.shards.read_texts(id_, rows))
        longest = std::max(longest, static_cast<std::int64_t>(id.size()));
    });
    return longest;
  }

  io::ColumnValues ids(Range rows) const {
    if (!key_.empty()) return pseudonyms(rows);
    if (has_text_id()) return at_.shards.read_texts(id_, rows);
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
    std::iota(numbers.begin(), numbers.end(), rows.begin);
    if (id_ >= 0) at_.shards.read_integers(id_, rows, numbers);
    return numbers;
  }

  std::vector<std::string> pseudonyms(Range rows) const {
    std::vector<std::string> texts = id_texts(at_.shards, id_, rows);
    for (std::string& text : texts) text = pseudonym_of(key_, text);
    return texts;
  }

  void append(io::ShardWriter& writer, Range rows, Piece piece) const {
    io::Block block;
    block.push_back(ids(rows));
    block.emplace_back(std::move(piece.segment));
    block.emplace_back(std::move(piece.distance));
    block.emplace_back(std::move(piece.second));
    block.emplace_back(std::move(piece.margin));
    for (std::size_t c = 0; c < reasons_.size(); ++c) block.push_back(reasons_[c].stored(piece.reasons[c]));
    writer.append(block);
  }

  Placement at_;
  int id_;
  std::string id_column_;
  std::string key_;
  const cluster::Scores& scores_;
  const std::vector<ReasonColumn>& reasons_;
  std::filesystem::path directory_;
};

}  // namespace

CustomerNames customer_names(const std::string& id_column, const PseudonymOptions& options) {
  if (!options.key_file.empty() && id_column.empty())
    throw Error(core::ExitCode::usage, core::field("pseudonymise") + " needs ids, and rows are numbered here")
        .remedy("Name the column of ids with " + core::field("id") + ", or leave the option out");
  return {id_column, read_key(options)};
}

std::vector<std::string> write_labels(const Communicator& comm, const io::ShardSet& shards, const LabelTarget& target,
                                      const cluster::Scores& local_scores, core::Events& events,
                                      const std::vector<ReasonColumn>& local_reasons) {
  const Placement placement{comm, shards};
  const LabelWriter labels(placement, target, local_scores, local_reasons);
  // A rank's rows are contiguous, so it writes every shard that begins in them and sends at most one, its first, to a
  // lower rank. Sending first and waiting for higher ranks last cannot lock: rank 0 sends nothing.
  const Range mine = placement.rows_of(comm.rank());
  for (const io::PlacedShard& shard : shards.shards())
    if (!intersection(mine, shard.rows).is_empty() && placement.writer_of(shard) != comm.rank())
      labels.send_to(placement.writer_of(shard), shard);
  std::optional<Error> failure;
  std::vector<std::string> names;
  std::int64_t done = 0;
  for (const io::PlacedShard& shard : shards.shards()) {
    names.push_back(shard.header.path.filename().string());
    if (placement.writer_of(shard) == comm.rank()) labels.write(shard, failure);
    events.progress("labels", ++done, static_cast<std::int64_t>(shards.shards().size()));
  }
  comm::throw_agreed(comm, failure);
  return names;
}

}  // namespace cardseg::segments
