#include "cardseg/io/shard_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <span>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "io/hdf5_handle.hpp"
#include "io/hdf5_texts.hpp"
#include "io/hdf5_types.hpp"
#include "io/value_digests.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;

constexpr std::int64_t block_rows = 65536;                        // rows written at a time
constexpr std::int64_t max_chunk_bytes = std::int64_t{16} << 20;  // of one column; divides the blocks of wide texts

// The format of HDF5 1.10: it keeps checksums of its own descriptions too, so that no flipped bit passes silently.
Handle make_file(const std::filesystem::path& path) {
  hdf5::start();
  create_file(path, "");                           // the system's own text where it cannot be made
  const Handle access = hdf5::file_access(false);  // nobody else knows its name yet
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110), "H5Pset_libver_bounds");
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_obj_track_times(creation.get(), false), "H5Pset_obj_track_times");
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get());
  if (file < 0) hdf5::fail("H5Fcreate", ExitCode::cannot_create);
  return {file, H5Fclose, "H5Fcreate"};
}

// Rows of a chunk: a block, or the largest power of two below it with which a chunk of wide texts is not too large.
std::int64_t chunk_rows_for(std::int64_t value_bytes, std::int64_t rows) {
  std::int64_t chunk = block_rows;
  while (chunk * value_bytes > max_chunk_bytes) chunk /= 2;
  return std::clamp<std::int64_t>(rows, 1, chunk);
}

// Deterministic bytes: no times in object headers; space allocated chunk by chunk in the order of writing.
Handle creation_properties(std::int64_t value_bytes, std::int64_t rows, const ShardWriterOptions& options) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_obj_track_times(properties.get(), false), "H5Pset_obj_track_times");
  const hsize_t chunk = static_cast<hsize_t>(chunk_rows_for(value_bytes, rows));
  check(H5Pset_chunk(properties.get(), 1, &chunk), "H5Pset_chunk");
  if (options.deflate_level > 0) {
    check(H5Pset_shuffle(properties.get()), "H5Pset_shuffle");
    check(H5Pset_deflate(properties.get(), static_cast<unsigned>(options.deflate_level)), "H5Pset_deflate");
  }
  check(H5Pset_fletcher32(properties.get()), "H5Pset_fletcher32");
  return properties;
}

// Chunks are written whole, so none is kept: no memory that grows with the columns, and a full disk is seen at once.
Handle uncached() {
  Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_chunk_cache(access.get(), 1, 0, 1.0), "H5Pset_chunk_cache");
  return access;
}

void write_note(const Handle& dataset, const ColumnNote& note) {
  const auto bytes = static_cast<std::int64_t>(std::max<std::size_t>(1, note.text.size()));
  const Handle type = hdf5::make_type({"", ColumnType::text, bytes});
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "H5Screate");
  const Handle attribute(
      H5Acreate2(dataset.get(), note.name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      "H5Acreate2");
  check(H5Awrite(attribute.get(), type.get(), note.text.c_str()), "H5Awrite");
}

// Texts of one column as a fixed-width buffer padded with zeros. `first_row` is the row of the first text in the shard.
std::vector<char> fixed_width(std::span<const std::string> texts, const ColumnSpec& column, std::int64_t first_row) {
  const auto bytes = static_cast<std::size_t>(column.text_bytes);
  std::vector<char> buffer(texts.size() * bytes, '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() > bytes) {
      Error error(ExitCode::internal, "a text of " + std::to_string(texts[i].size()) +
                                          " bytes is longer than its column was declared (" + std::to_string(bytes) +
                                          " bytes)");
      throw error.in_column(column.name).at_row(first_row + static_cast<std::int64_t>(i));
    }
    std::memcpy(buffer.data() + i * bytes, texts[i].data(), texts[i].size());
  }
  return buffer;
}

void check_and_complete(std::vector<ColumnSpec>& columns) {
  for (ColumnSpec& column : columns) {
    if (column.type != ColumnType::text) continue;
    column.text_bytes = std::max<std::int64_t>(column.text_bytes, 1);  // HDF5 has no text of no bytes
    if (column.text_bytes <= hdf5::max_text_bytes) continue;
    Error error(ExitCode::bad_data, "has texts of " + std::to_string(column.text_bytes) +
                                        " bytes; a shard holds up to " + std::to_string(hdf5::max_text_bytes));
    throw error.in_column(column.name).remedy("Exclude the column, or shorten its texts");
  }
}

}  // namespace

struct ShardWriter::State {
  std::filesystem::path final_path;
  std::filesystem::path temporary;
  std::vector<ColumnSpec> columns;
  std::int64_t rows;
  std::int64_t written = 0;  // rows on their way to the file
  Block pending;             // rows that do not fill a block yet
  Handle file;
  std::vector<Handle> datasets;
  std::vector<Handle> types;
  std::vector<std::int64_t> chunk_rows;             // of each column
  std::vector<std::vector<std::uint64_t>> digests;  // of the values of each column's chunks, where they are kept
  bool has_temporary = false;

  State(const std::filesystem::path& path, std::vector<ColumnSpec> specs, std::int64_t row_total)
      : final_path(path), temporary(temporary_name(path)), columns(std::move(specs)), rows(row_total) {
    for (const ColumnSpec& column : columns) pending.push_back(make_values(column.type));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;
  ~State() {
    datasets.clear();
    file.reset();
    if (has_temporary) ::unlink(temporary.c_str());
  }

  void open(const ShardWriterOptions& options) {
    check_and_complete(columns);
    has_temporary = true;
    file = make_file(temporary);
    const Handle group_properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "H5Pcreate");
    check(H5Pset_obj_track_times(group_properties.get(), false), "H5Pset_obj_track_times");
    const Handle group(H5Gcreate2(file.get(), options.table.c_str(), H5P_DEFAULT, group_properties.get(), H5P_DEFAULT),
                       H5Gclose, "H5Gcreate2");
    const auto extent = static_cast<hsize_t>(rows);
    const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose, "H5Screate_simple");
    const Handle access = uncached();
    digests.resize(options.has_digests ? columns.size() : 0);
    for (const ColumnSpec& column : columns) {
      types.push_back(hdf5::make_type(column));
      const auto value_bytes = static_cast<std::int64_t>(H5Tget_size(types.back().get()));
      chunk_rows.push_back(chunk_rows_for(value_bytes, rows));
      const Handle properties = creation_properties(value_bytes, rows, options);
      datasets.emplace_back(H5Dcreate2(group.get(), column.name.c_str(), types.back().get(), space.get(), H5P_DEFAULT,
                                       properties.get(), access.get()),
                            H5Dclose, "H5Dcreate2");
      if (column.is_date) write_note(datasets.back(), {"cardseg_kind", "date"});
      for (const ColumnNote& note : column.notes) write_note(datasets.back(), note);
    }
  }

  // Closing writes too, so a failure of it counts.
  void close() {
    for (std::size_t c = 0; c < digests.size(); ++c) write_digests(datasets[c].get(), chunk_rows[c], digests[c]);
    check(H5Fflush(file.get(), H5F_SCOPE_LOCAL), "H5Fflush");
    for (Handle& dataset : datasets) dataset.close_checked("H5Dclose");
    file.close_checked("H5Fclose");
  }

  std::int64_t pending_rows() const { return pending.empty() ? 0 : row_count(pending.front()); }

  void check_block(const Block& block) const {
    if (block.size() != columns.size()) throw Error(ExitCode::internal, "a block has other columns than its shard");
    if (block.empty()) return;
    for (std::size_t c = 0; c < block.size(); ++c) {
      if (row_count(block[c]) != row_count(block.front()))
        throw Error(ExitCode::internal, "the columns of a block have different lengths").in_column(columns[c].name);
      if (block[c].index() != pending[c].index())
        throw Error(ExitCode::internal, "a block has another type than its column").in_column(columns[c].name);
    }
    if (written + pending_rows() + row_count(block.front()) > rows)
      throw Error(ExitCode::internal, "a shard gets more rows than the " + std::to_string(rows) + " it was made for");
  }

  // Rows [begin, begin + count) of a block join the pending rows.
  void gather(const Block& block, std::int64_t begin, std::int64_t count) {
    for (std::size_t c = 0; c < columns.size(); ++c)
      std::visit(
          [&]<class Vector>(Vector& values) {
            const auto first = std::get<Vector>(block[c]).begin() + begin;
            values.insert(values.end(), first, first + count);
          },
          pending[c]);
  }

  void write_pending() {
    const std::int64_t count = pending_rows();
    for (std::size_t c = 0; c < columns.size(); ++c)
      std::visit([&](auto& values) { write_column(c, values); }, pending[c]);
    written += count;
  }

  template <class T>
  void write_column(std::size_t c, std::vector<T>& values) {
    if constexpr (std::is_same_v<T, std::string>) {
      const std::vector<char> buffer = fixed_width(values, columns[c], written);
      write_rows(c, std::as_bytes(std::span(buffer)), std::ssize(values));
    } else {
      write_rows(c, std::as_bytes(std::span(values)), std::ssize(values));
    }
    values.clear();
  }

  // Whole chunks, but for the last.
  void note_digests(std::size_t c, std::span<const std::byte> values, std::int64_t count) {
    if (digests.empty()) return;
    const std::size_t value_bytes = values.size() / static_cast<std::size_t>(count);
    const std::size_t chunk_bytes = static_cast<std::size_t>(chunk_rows[c]) * value_bytes;
    for (; !values.empty(); values = values.subspan(std::min(chunk_bytes, values.size())))
      digests[c].push_back(digest_of(values.first(std::min(chunk_bytes, values.size()))));
  }

  void write_rows(std::size_t c, std::span<const std::byte> values, std::int64_t count) {
    note_digests(c, values, count);
    const auto start = static_cast<hsize_t>(written);
    const auto extent = static_cast<hsize_t>(count);
    const Handle memory(H5Screate_simple(1, &extent, nullptr), H5Sclose, "H5Screate_simple");
    const Handle space(H5Dget_space(datasets[c].get()), H5Sclose, "H5Dget_space");
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &extent, nullptr), "H5Sselect_hyperslab");
    check(H5Dwrite(datasets[c].get(), types[c].get(), memory.get(), space.get(), H5P_DEFAULT, values.data()),
          "H5Dwrite");
  }
};

ShardWriter::ShardWriter(const std::filesystem::path& final_path, std::vector<ColumnSpec> columns, std::int64_t rows,
                         const ShardWriterOptions& options)
    : state_(std::make_unique<State>(final_path, std::move(columns), rows)) {
  try {
    state_->open(options);
  } catch (Error& error) {
    throw error.in_file(final_path.string());
  }
}

ShardWriter::~ShardWriter() = default;
ShardWriter::ShardWriter(ShardWriter&&) noexcept = default;
ShardWriter& ShardWriter::operator=(ShardWriter&&) noexcept = default;

void ShardWriter::append(const Block& block) {
  try {
    state_->check_block(block);
    const std::int64_t rows = block.empty() ? 0 : row_count(block.front());
    for (std::int64_t begin = 0; begin < rows;) {
      const std::int64_t count = std::min(block_rows - state_->pending_rows(), rows - begin);
      state_->gather(block, begin, count);
      begin += count;
      if (state_->pending_rows() == block_rows) state_->write_pending();
    }
  } catch (Error& error) {
    throw error.in_file(state_->final_path.string());
  }
}

void ShardWriter::commit() {
  try {
    if (state_->pending_rows() > 0) state_->write_pending();
    if (state_->written != state_->rows)
      throw Error(ExitCode::internal, "a shard got " + std::to_string(state_->written) + " rows instead of " +
                                          std::to_string(state_->rows));
    state_->close();
    commit_file(state_->temporary, state_->final_path);
    state_->has_temporary = false;
  } catch (Error& error) {
    throw error.in_file(state_->final_path.string());
  }
}

}  // namespace cardseg::io
