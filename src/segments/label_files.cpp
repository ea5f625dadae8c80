#include "cardseg/segments/label_files.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>

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

// The label columns of up to 64 Ki rows, as they are sent and written; at first of customers in no segment.
struct Piece {
  std::vector<std::int32_t> segment;
  std::vector<float> distance;
  std::vector<std::int32_t> second;
  std::vector<float> margin;
  std::vector<std::vector<double>> reasons;  // by column

  Piece(std::int64_t rows, std::size_t reason_columns)
      : segment(static_cast<std::size_t>(rows)),
        distance(segment.size(), std::numeric_limits<float>::quiet_NaN()),
        second(segment.size()),
        margin(segment.size(), std::numeric_limits<float>::quiet_NaN()),
        reasons(reason_columns, std::vector<double>(segment.size(), std::numeric_limits<double>::quiet_NaN())) {}

  void set(std::size_t i, const cluster::Scores& scores, const std::vector<ReasonColumn>& columns, std::size_t at) {
    segment[i] = scores.segment[at] + 1;
    distance[i] = static_cast<float>(std::sqrt(scores.squared_distance[at]));
    second[i] = scores.second[at] + 1;
    margin[i] = scores.margin[at];
    for (std::size_t c = 0; c < columns.size(); ++c) reasons[c][i] = columns[c].values[at];
  }

  std::vector<std::string> exclusions() const {
    std::vector<std::string> exclusions(segment.size());
    for (std::size_t i = 0; i < segment.size(); ++i)
      if (segment[i] == 0) exclusions[i] = not_selected;
    return exclusions;
  }

  template <class Use>
  void for_each_buffer(Use use) {
    use(std::as_writable_bytes(std::span(segment)));
    use(std::as_writable_bytes(std::span(distance)));
    use(std::as_writable_bytes(std::span(second)));
    use(std::as_writable_bytes(std::span(margin)));
    for (std::vector<double>& column : reasons) use(std::as_writable_bytes(std::span(column)));
  }
};

template <class Use>
void for_each_piece(Range rows, Use use) {
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += piece_rows)
    use(Range{begin, std::min(begin + piece_rows, rows.end)});
}

// Where things are: of all rows, those of ranks and shards.
class Placement {
 public:
  Placement(const Communicator& comm, const io::ShardSet& shards) : comm_(comm), shards_(shards) {
    for (int rank = 0; rank < comm.size(); ++rank) firsts_.push_back(first_row_of(rank));
    firsts_.push_back(shards.all_rows());
  }

  const Communicator& comm() const { return comm_; }
  const io::ShardSet& shards() const { return shards_; }
  Range rows_of(int rank) const {
    return {firsts_[static_cast<std::size_t>(rank)], firsts_[static_cast<std::size_t>(rank) + 1]};
  }
  /// The rank that writes a shard's labels: the one with its first row.
  int writer_of(const io::PlacedShard& shard) const {
    const std::int64_t total = shards_.all_rows();
    if (total == 0) return 0;
    const auto next = std::upper_bound(firsts_.begin(), firsts_.end() - 1, std::min(shard.rows.begin, total - 1));
    return static_cast<int>(next - firsts_.begin()) - 1;
  }
  /// The place of a row among the scores of this rank; nothing where it is not selected.
  std::optional<std::size_t> score_of(std::int64_t row) const {
    const std::int64_t first = core::local_range(comm_.rank(), shards_.rows(), comm_.size()).begin;
    if (!shards_.selection()) return static_cast<std::size_t>(row - first);
    if (!shards_.selection()->contains(row)) return std::nullopt;
    return static_cast<std::size_t>(shards_.selection()->count_before(row) - first);
  }

 private:
  // Rows that are not selected go with the selected one before them; the first ones with rank 0.
  std::int64_t first_row_of(int rank) const {
    const std::int64_t first = core::local_range(rank, shards_.rows(), comm_.size()).begin;
    if (!shards_.selection()) return first;
    if (rank == 0) return 0;
    return first < shards_.rows() ? shards_.selection()->row_at(first) : shards_.all_rows();
  }

  const Communicator& comm_;
  const io::ShardSet& shards_;
  std::vector<std::int64_t> firsts_;  // of each rank, and the end
};

class LabelWriter {
 public:
  LabelWriter(const Placement& placement, const LabelTarget& target, const cluster::Scores& scores,
              const std::vector<ReasonColumn>& reasons)
      : at_(placement),
        all_(placement.shards().selected(nullptr)),
        id_(all_.column_index(target.names.id_column)),
        id_column_(target.names.id_column),
        key_(target.names.key),
        scores_(scores),
        reasons_(reasons),
        directory_(target.directory) {}

  void send_to(int writer, const io::PlacedShard& shard) const {
    for_each_piece(intersection(at_.rows_of(at_.comm().rank()), shard.rows), [&](Range rows) {
      Piece piece = cut_global(rows);
      piece.for_each_buffer([&](std::span<std::byte> bytes) { at_.comm().send(bytes, writer, label_tag); });
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
        if (at_.comm().size() > 1) failure->on_rank(at_.comm().rank());
        writer.reset();
      }
    };
    attempt([&] {
      // The manifest has the digest of the whole file.
      writer.emplace(directory_ / shard.header.path.filename(), specification(shard), shard.rows.size(),
                     io::ShardWriterOptions{.has_digests = false});
    });
    for (int rank = 0; rank < at_.comm().size(); ++rank)
      for_each_piece(intersection(at_.rows_of(rank), shard.rows), [&](Range rows) {
        Piece piece(rows.size(), reasons_.size());
        if (rank == at_.comm().rank()) {
          piece = cut_global(rows);
        } else {
          piece.for_each_buffer([&](std::span<std::byte> bytes) { at_.comm().receive(bytes, rank, label_tag); });
        }
        attempt([&] { append(*writer, rows, std::move(piece)); });
      });
    attempt([&] { writer->commit(); });
  }

 private:
  Piece cut_global(Range rows) const {
    Piece piece(rows.size(), reasons_.size());
    for (std::int64_t row = rows.begin; row < rows.end; ++row)
      if (const std::optional<std::size_t> at = at_.score_of(row))
        piece.set(static_cast<std::size_t>(row - rows.begin), scores_, reasons_, *at);
    return piece;
  }

  bool has_selection() const { return at_.shards().selection() != nullptr; }

  bool has_text_id() const {
    return id_ >= 0 && all_.columns()[static_cast<std::size_t>(id_)].type == ColumnType::text;
  }

  std::vector<ColumnSpec> specification(const io::PlacedShard& shard) const {
    ColumnSpec id{id_ >= 0 ? id_column_ : "row", ColumnType::int64, 0};
    for (const char* taken : {"segment", "distance", "second_segment", "margin"})
      if (id.name == taken) id.name = "id";
    if (is_reason_column(id.name)) id.name = "id";
    if (has_selection() && id.name == reason_column) id.name = "id";
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
    if (has_selection())
      columns.push_back({reason_column, ColumnType::text, std::ssize(std::string_view(not_selected))});
    return columns;
  }

  // The declared width of the ids, or the longest where the file does not declare one; at least one byte.
  std::int64_t text_bytes(const io::PlacedShard& shard) const {
    std::int64_t longest = 1;
    for (const io::StoredColumn& column : shard.header.columns)
      if (column.name == id_column_) longest = std::max(longest, column.text_bytes);
    if (longest > 1) return longest;
    for_each_piece(shard.rows, [&](Range rows) {
      for (const std::string& id : all_.read_texts(id_, rows))
        longest = std::max(longest, static_cast<std::int64_t>(id.size()));
    });
    return longest;
  }

  io::ColumnValues ids(Range rows) const {
    if (!key_.empty()) return pseudonyms(rows);
    if (has_text_id()) return all_.read_texts(id_, rows);
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
    std::iota(numbers.begin(), numbers.end(), rows.begin);
    if (id_ >= 0) all_.read_integers(id_, rows, numbers);
    return numbers;
  }

  std::vector<std::string> pseudonyms(Range rows) const {
    std::vector<std::string> texts = id_texts(all_, id_, rows);
    for (std::string& text : texts) text = pseudonym_of(key_, text);
    return texts;
  }

  void append(io::ShardWriter& writer, Range rows, Piece piece) const {
    io::Block block;
    block.push_back(ids(rows));
    std::vector<std::string> exclusions = has_selection() ? piece.exclusions() : std::vector<std::string>();
    block.emplace_back(std::move(piece.segment));
    block.emplace_back(std::move(piece.distance));
    block.emplace_back(std::move(piece.second));
    block.emplace_back(std::move(piece.margin));
    for (std::size_t c = 0; c < reasons_.size(); ++c) block.push_back(reasons_[c].stored(piece.reasons[c]));
    if (has_selection()) block.emplace_back(std::move(exclusions));
    writer.append(block);
  }

  Placement at_;
  io::ShardSet all_;  // whatever is selected
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
  const Placement placement(comm, shards);
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
