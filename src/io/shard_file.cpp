#include "cardseg/io/shard_file.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "cardseg/core/exact_integer.hpp"
#include "cardseg/io/utf8.hpp"
#include "io/chunk_reader.hpp"
#include "io/chunk_values.hpp"
#include "io/column_marks.hpp"
#include "io/global_heap.hpp"
#include "io/hdf5_handle.hpp"
#include "io/hdf5_texts.hpp"
#include "io/opened_shard.hpp"
#include "io/shard_layout.hpp"
#include "io/shard_validator.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;
using hdf5::check;
using hdf5::Handle;

constexpr std::int64_t kept_bytes = std::int64_t{1} << 20;          // of decoded chunks of a column
constexpr std::int64_t kept_matrix_bytes = std::int64_t{32} << 20;  // columns of one chunk are read one after another
constexpr std::size_t no_column = static_cast<std::size_t>(-1);
constexpr std::int64_t number_piece_rows = 65536;  // rows of numbers checked at a time, at most
constexpr std::int64_t text_piece_rows = 16384;    // rows of text read at a time, at most
constexpr std::int64_t text_piece_bytes = std::int64_t{16} << 20;

// HDF5 failing on a file that it opened: its description is damaged. What the operating system said stays as it is.
Error as_damage(const Error& error) {
  if (error.code() != ExitCode::internal) return error;
  Error damaged(ExitCode::bad_data, "is damaged (" + error.reason() + ")");
  damaged.in_column(error.place().column);
  return damaged.remedy("Copy or write this shard again");
}

}  // namespace

const char* name_of(Layout layout) { return layout == Layout::canonical ? "canonical" : "matrix"; }

std::string hdf5_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

struct ShardFile::State : OpenedShard {
  explicit State(OpenedShard opened) : OpenedShard(std::move(opened)), heap(bytes) {}

  // The one dataset that is open. Each holds decoded chunks, so a second one would cost memory.
  mutable std::size_t open_column = no_column;
  mutable Handle open_handle;
  mutable std::int64_t open_chunk_rows = 0;
  mutable std::optional<ChunkLayout> open_chunks;  // where its chunks are decoded on all threads
  mutable std::optional<ChunkValues> open_values;  // where it has chunks
  mutable GlobalHeap heap;
  mutable StoredNumber open_number;  // of those chunks, unless it holds texts
  mutable MissingMarks open_missing;

  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;
  ~State() {
    try {
      hdf5::guarded([this] {
        release();
        parent.reset();
        file.reset();
      });
    } catch (const Error&) {  // nothing can be done for a file that is closed
    }
  }

  void release() const {
    open_values.reset();
    open_chunks.reset();
    open_handle.reset();
    heap = GlobalHeap(bytes);
    open_column = no_column;
  }

  hid_t dataset(std::size_t column) const {
    if (open_column == no_column || (header.layout == Layout::canonical && open_column != column))
      hdf5::guarded([&] { open_dataset_of(column); });
    return open_handle.get();
  }

  void open_dataset_of(std::size_t column) const {
    release();
    const bool is_matrix = header.layout == Layout::matrix;
    const StoredColumn& stored = header.columns[column];
    const std::string& name = is_matrix ? matrix_name : stored.name;
    H5L_info_t link{};
    check(H5Lget_info(parent.get(), name.c_str(), &link, H5P_DEFAULT), "H5Lget_info");
    if (link.type != H5L_TYPE_HARD || !is_dataset(parent.get(), name)) throw changed_shard();
    Handle handle = open_dataset(parent.get(), name);
    const DatasetFacts facts = is_matrix ? matrix_facts(handle.get(), name, table) : column_facts(handle.get(), table);
    if (facts.extent[0] != header.rows || facts.stored_type != stored.stored_type) throw changed_shard();
    if (!is_matrix && facts.type != ColumnType::text && header.rows > 0) open_chunks = find_chunk_layout(handle.get());
    if (facts.chunk_rows > 0) {
      const Handle type(H5Dget_type(handle.get()), H5Tclose, "H5Dget_type");
      open_values.emplace(handle.get(), hdf5::stored_value_bytes(type.get()),
                          is_matrix ? kept_matrix_bytes : kept_bytes);
      open_number = stored_number(type.get()).value_or(StoredNumber{});
    }
    open_missing = facts.type == ColumnType::text ? MissingMarks{} : missing_marks(handle.get());
    open_handle = std::move(handle);
    open_chunk_rows = facts.chunk_rows;
    open_column = column;
  }

  // The dataspaces of rows [a, b) of a column: in the file and in memory.
  struct Selection {
    Handle file;
    Handle memory;
  };
  Selection select(std::size_t column, Range rows) const {
    Selection selection{Handle(H5Dget_space(dataset(column)), H5Sclose, "H5Dget_space"), Handle()};
    const hsize_t count = static_cast<hsize_t>(rows.size());
    const hsize_t start[2] = {static_cast<hsize_t>(rows.begin), column};
    const hsize_t extent[2] = {count, 1};
    check(H5Sselect_hyperslab(selection.file.get(), H5S_SELECT_SET, start, nullptr, extent, nullptr),
          "H5Sselect_hyperslab");
    selection.memory = Handle(H5Screate_simple(1, &count, nullptr), H5Sclose, "H5Screate_simple");
    return selection;
  }

  Error placed(Error error, std::size_t column) const {
    return error.in_file(header.path.string()).in_column(header.columns[column].name);
  }

  // Runs read(rows) and turns a failure into an error that says which rows are damaged.
  template <class Read>
  void checked_read(std::size_t column, Range rows, Read read) const {
    if (rows.begin < 0 || rows.end > header.rows)
      throw placed(Error(ExitCode::internal, "rows outside of the shard are read"), column);
    if (rows.is_empty()) return;
    try {
      dataset(column);
    } catch (Error& error) {
      throw placed(as_damage(error), column);
    }
    try {
      read(rows);
    } catch (Error& error) {
      if (error.code() != ExitCode::internal) throw placed(error.at_rows(rows.begin, rows.end - 1), column);
      const Range chunk = first_failing(column, rows, read);
      Error damaged(ExitCode::bad_data,
                    "the stored values cannot be read, the file is damaged (" + error.reason() + ")");
      throw placed(damaged.at_rows(chunk.begin, chunk.end - 1).remedy("Copy or write this shard again"), column);
    }
  }

  // The part of `rows` in the first chunk that cannot be read; all of them where that cannot be told.
  template <class Read>
  Range first_failing(std::size_t column, Range rows, Read read) const {
    if (open_chunk_rows < 1) return rows;
    for (std::int64_t begin = rows.begin; begin < rows.end;) {
      const std::int64_t chunk_end = (begin / open_chunk_rows + 1) * open_chunk_rows;
      const Range part{begin, std::min(chunk_end, rows.end)};
      try {
        dataset(column);
        read(part);
      } catch (Error&) {
        return part;
      }
      begin = part.end;
    }
    return rows;
  }

  // `out` is the place of the first of `rows`; pieces of them are read again after a failure.
  template <class T>
  void read_as(hid_t memory_type, std::size_t column, Range rows, std::span<T> out) const {
    if (std::ssize(out) != std::max<std::int64_t>(rows.size(), 0))
      throw placed(Error(ExitCode::internal, "rows are read into a place of another size"), column);
    checked_read(column, rows, [&](Range part) {
      const std::span<T> place =
          out.subspan(static_cast<std::size_t>(part.begin - rows.begin), static_cast<std::size_t>(part.size()));
      if constexpr (std::is_same_v<T, double>)
        if (read_stored_chunks(column, part, place)) return;
      dataset(column);
      if (open_values) return open_values->read_numbers(open_number, part, column_of_matrix(column), place);
      hdf5::guarded([&] {
        const Selection selection = select(column, part);
        check(H5Dread(dataset(column), memory_type, selection.memory.get(), selection.file.get(), H5P_DEFAULT,
                      place.data()),
              "H5Dread");
      });
    });
    if (header.columns[column].type == ColumnType::boolean) check_booleans<T>(column, rows, out);
    if constexpr (std::is_same_v<T, double>) replace_missing(out);
  }

  // In its dataset.
  std::int64_t column_of_matrix(std::size_t column) const {
    return header.layout == Layout::matrix ? static_cast<std::int64_t>(column) : 0;
  }

  void replace_missing(std::span<double> values) const {
    for (const double mark : open_missing.numbers)
      std::ranges::replace(values, mark, std::numeric_limits<double>::quiet_NaN());
  }

  void check_none_missing(std::size_t column, Range rows, std::span<const std::int64_t> values) const {
    for (const std::int64_t mark : open_missing.integers)
      if (const auto found = std::ranges::find(values, mark); found != values.end())
        throw not_whole(column, rows.begin + (found - values.begin()), std::nan(""), false);
  }

  // Floating-point numbers as integers; in pieces, so that they take little memory.
  void read_whole_numbers(std::size_t column, Range rows, std::span<std::int64_t> out) const {
    const bool is_single = header.columns[column].type == ColumnType::float32;
    const double beyond = is_single ? 0x1p24 : core::most_exact_integer;
    std::vector<double> piece(static_cast<std::size_t>(std::min(rows.size(), number_piece_rows)));
    for (std::int64_t begin = rows.begin; begin < rows.end; begin += number_piece_rows) {
      const Range part{begin, std::min(begin + number_piece_rows, rows.end)};
      read_as(H5T_NATIVE_DOUBLE, column, part, std::span(piece).first(static_cast<std::size_t>(part.size())));
      for (std::int64_t row = part.begin; row < part.end; ++row) {
        const double value = piece[static_cast<std::size_t>(row - part.begin)];
        if (!(std::abs(value) < beyond) || value != std::trunc(value)) throw not_whole(column, row, value, is_single);
        out[static_cast<std::size_t>(row - rows.begin)] = static_cast<std::int64_t>(value);
      }
    }
  }

  Error not_whole(std::size_t column, std::int64_t row, double value, bool is_single) const {
    const char* past = is_single ? "a number is past 2^24, where float32 has lost digits"
                                 : "a number is past 2^53, where float64 has lost digits";
    Error error(ExitCode::bad_data, std::isnan(value)            ? "a whole number is missing"
                                    : value == std::trunc(value) ? past
                                                                 : "a number is not whole");
    return placed(error.at_row(row).remedy("Write the column as integers or text"), column);
  }

  // False where ChunkValues or H5Dread has to read them: they are stored otherwise, or damaged.
  bool read_stored_chunks(std::size_t column, Range rows, std::span<double> out) const {
    const hid_t handle = dataset(column);
    if (!open_chunks || !is_worth_whole_chunks(rows)) return false;
    if (!open_chunks->has_few_chunks()) return read_fetched_chunks(handle, *open_chunks, rows, out);
    const std::optional<std::vector<StoredChunk>> chunks = stored_chunks(column, rows);
    return chunks && read_chunks(bytes.descriptor, *open_chunks, *chunks, rows, out);
  }

  // For a few rows of a chunk ChunkValues is better: it keeps the chunk for the next ones.
  bool is_worth_whole_chunks(Range rows) const {
    const std::int64_t first = rows.begin / open_chunk_rows * open_chunk_rows;
    const std::int64_t end =
        std::min((rows.end + open_chunk_rows - 1) / open_chunk_rows * open_chunk_rows, header.rows);
    return 4 * rows.size() >= end - first;
  }

  std::optional<std::vector<StoredChunk>> stored_chunks(std::size_t column, Range rows) const {
    const hid_t handle = dataset(column);
    if (!open_chunks || bytes.descriptor < 0 || bytes.base > 0 || !open_chunks->has_few_chunks() ||
        !is_worth_whole_chunks(rows))
      return {};
    std::optional<std::vector<StoredChunk>> chunks;
    hdf5::guarded([&] { chunks = find_chunks(handle, *open_chunks, rows); });
    return chunks;
  }

  template <class T>
  void check_booleans(std::size_t column, Range rows, std::span<const T> values) const {
    const auto other =
        std::find_if(values.begin(), values.end(), [](T value) { return value != T{0} && value != T{1}; });
    if (other == values.end()) return;
    Error error(ExitCode::bad_data, "a boolean is neither 0 nor 1");
    throw placed(error.at_row(rows.begin + (other - values.begin())).remedy("Write this shard again"), column);
  }

  std::vector<std::string> read_piece_of_texts(std::size_t column, Range rows) const {
    const Handle type(H5Dget_type(dataset(column)), H5Tclose, "H5Dget_type");
    std::vector<std::byte> stored(static_cast<std::size_t>(rows.size() * hdf5::stored_value_bytes(type.get())));
    if (open_values) {
      open_values->read_bytes(rows, 0, stored);
    } else {
      hdf5::guarded([&] {
        const Selection selection = select(column, rows);
        hdf5::read_stored_texts(dataset(column), selection.memory.get(), selection.file.get(), stored);
      });
    }
    return hdf5::texts_of(type.get(), stored, heap);
  }

  void check_texts(std::size_t column, Range rows, const std::vector<std::string>& texts) const {
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (!is_utf8(texts[i])) {
        Error error(ExitCode::bad_data, "a text is not UTF-8");
        error.at_row(rows.begin + static_cast<std::int64_t>(i));
        throw placed(error.remedy("Write the column as UTF-8, in Python: text.encode('utf-8')"), column);
      }
  }

  void need(std::size_t column, bool is_fit, const char* what, const char* remedy) const {
    if (is_fit) return;
    Error error(ExitCode::bad_data,
                "the column holds " + header.columns[column].stored_type + " where " + what + " needed");
    throw placed(error.remedy(remedy), column);
  }
};

ShardFile::ShardFile(const std::filesystem::path& path, const ShardReadOptions& options) {
  hdf5::start();
  try {
    hdf5::guarded([&] { state_ = std::make_unique<State>(open_shard(path, options)); });
  } catch (Error& error) {
    throw as_damage(error).in_file(path.string());
  }
}

ShardFile::ShardFile(const ShardHeader& known, const ShardReadOptions& options) {
  hdf5::start();
  try {
    hdf5::guarded([&] { state_ = std::make_unique<State>(reopen_shard(known, options)); });
  } catch (Error& error) {
    throw as_damage(error).in_file(known.path.string());
  }
}

ShardFile::~ShardFile() = default;
ShardFile::ShardFile(ShardFile&&) noexcept = default;
ShardFile& ShardFile::operator=(ShardFile&&) noexcept = default;

const ShardHeader& ShardFile::header() const { return state_->header; }

void ShardFile::release() const { state_->release(); }

void ShardFile::read_numbers(std::size_t column, Range rows, std::span<double> out) const {
  state_->need(column, header().columns[column].type != ColumnType::text, "numbers are",
               "Exclude the column, or convert it again as numbers");
  state_->read_as(H5T_NATIVE_DOUBLE, column, rows, out);
}

void ShardFile::prefetch(std::size_t column, Range rows) const {
  try {
    if (const auto chunks = state_->stored_chunks(column, rows)) prefetch_chunks(state_->bytes.descriptor, *chunks);
  } catch (const Error&) {  // reading it says what is wrong
  }
}

void ShardFile::read_integers(std::size_t column, Range rows, std::span<std::int64_t> out) const {
  const StoredColumn& stored = header().columns[column];
  state_->need(column, stored.type != ColumnType::text, "whole numbers are", "Convert the column again as integers");
  if (stored.type == ColumnType::float32 || stored.type == ColumnType::float64)
    return state_->read_whole_numbers(column, rows, out);
  if (stored.stored_type != "uint64") {
    state_->read_as(H5T_NATIVE_INT64, column, rows, out);
    return state_->check_none_missing(column, rows, out);
  }
  state_->read_as(H5T_NATIVE_UINT64, column, rows, out);
  const auto beyond = std::find_if(out.begin(), out.end(), [](std::int64_t value) { return value < 0; });
  if (beyond == out.end()) return;
  Error error(ExitCode::bad_data, "a number is larger than 9223372036854775807 (2^63 - 1)");
  error.at_row(rows.begin + (beyond - out.begin()));
  throw state_->placed(error.remedy("Write the column as text"), column);
}

std::vector<std::string> ShardFile::read_texts(std::size_t column, Range rows) const {
  const StoredColumn& stored = header().columns[column];
  state_->need(column, stored.type == ColumnType::text, "text is", "Convert the column again as text");
  const std::int64_t piece_rows =
      std::clamp<std::int64_t>(text_piece_bytes / std::max<std::int64_t>(stored.text_bytes, 1), 1, text_piece_rows);
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(std::max<std::int64_t>(rows.size(), 0)));
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += piece_rows) {
    const Range piece{begin, std::min(begin + piece_rows, rows.end)};
    std::vector<std::string> some;
    state_->checked_read(column, piece, [&](Range part) { some = state_->read_piece_of_texts(column, part); });
    state_->check_texts(column, piece, some);
    texts.insert(texts.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return texts;
}

}  // namespace cardseg::io
