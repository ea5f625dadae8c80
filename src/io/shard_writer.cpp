#include "cardseg/io/shard_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "io/hdf5_handle.hpp"
#include "io/hdf5_types.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;

constexpr std::int64_t chunk_rows = 65536;

Handle make_file(const std::filesystem::path& path) {
  hdf5::start();
  create_empty_file(path);  // the system's own text where it cannot be made
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get());
  if (file < 0) hdf5::fail(ExitCode::cannot_create, "H5Fcreate");
  return {file, H5Fclose, "H5Fcreate"};
}

// Deterministic bytes: no times in object headers; space allocated chunk by chunk in the order of writing.
Handle creation_properties(std::int64_t rows, const ShardWriterOptions& options) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_obj_track_times(properties.get(), false), "H5Pset_obj_track_times");
  const hsize_t chunk = static_cast<hsize_t>(std::clamp<std::int64_t>(rows, 1, chunk_rows));
  check(H5Pset_chunk(properties.get(), 1, &chunk), "H5Pset_chunk");
  if (options.deflate_level > 0) {
    check(H5Pset_shuffle(properties.get()), "H5Pset_shuffle");
    check(H5Pset_deflate(properties.get(), static_cast<unsigned>(options.deflate_level)), "H5Pset_deflate");
  }
  check(H5Pset_fletcher32(properties.get()), "H5Pset_fletcher32");
  return properties;
}

// Texts of one column as a fixed-width buffer padded with zeros.
std::vector<char> fixed_width(std::span<const std::string> texts, std::int64_t width) {
  const auto bytes = static_cast<std::size_t>(width);
  std::vector<char> buffer(texts.size() * bytes, '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() > bytes)
      throw Error(ExitCode::internal, "a text is longer than its column was declared (" + std::to_string(width) + " bytes)");
    std::memcpy(buffer.data() + i * bytes, texts[i].data(), texts[i].size());
  }
  return buffer;
}

}  // namespace

struct ShardWriter::State {
  std::filesystem::path final_path;
  std::filesystem::path temporary;
  std::vector<ColumnSpec> columns;
  std::int64_t rows;
  std::int64_t written = 0;  // rows on their way to the file
  Block pending;             // rows that do not fill a chunk yet
  Handle file;
  std::vector<Handle> datasets;
  std::vector<Handle> types;
  bool is_committed = false;

  State(const std::filesystem::path& path, std::vector<ColumnSpec> specs, std::int64_t row_total)
      : final_path(path), temporary(temporary_name(path)), columns(std::move(specs)), rows(row_total) {
    for (const ColumnSpec& column : columns) pending.push_back(make_values(column.type));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;
  ~State() {
    close();
    if (!is_committed) ::unlink(temporary.c_str());
  }

  void open(const ShardWriterOptions& options) {
    file = make_file(temporary);
    const Handle group_properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "H5Pcreate");
    check(H5Pset_obj_track_times(group_properties.get(), false), "H5Pset_obj_track_times");
    const Handle group(
        H5Gcreate2(file.get(), options.group.c_str(), H5P_DEFAULT, group_properties.get(), H5P_DEFAULT), H5Gclose,
        "H5Gcreate2");
    const auto extent = static_cast<hsize_t>(rows);
    const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose, "H5Screate_simple");
    const Handle properties = creation_properties(rows, options);
    for (const ColumnSpec& column : columns) {
      types.push_back(hdf5::make_type(column));
      datasets.emplace_back(H5Dcreate2(group.get(), column.name.c_str(), types.back().get(), space.get(), H5P_DEFAULT,
                                       properties.get(), H5P_DEFAULT),
                            H5Dclose, "H5Dcreate2");
    }
  }

  void close() noexcept {
    datasets.clear();
    types.clear();
    file.reset();
  }

  std::int64_t pending_rows() const { return pending.empty() ? 0 : row_count(pending.front()); }

  void write_first(std::int64_t count) {
    for (std::size_t c = 0; c < columns.size(); ++c)
      std::visit([&](auto& values) { write_column(c, values, count); }, pending[c]);
    written += count;
  }

  template <class T>
  void write_column(std::size_t c, std::vector<T>& values, std::int64_t count) {
    if constexpr (std::is_same_v<T, std::string>) {
      const std::span<const std::string> first(values.data(), static_cast<std::size_t>(count));
      write_rows(c, fixed_width(first, columns[c].text_bytes).data(), count);
    } else {
      write_rows(c, values.data(), count);
    }
    values.erase(values.begin(), values.begin() + count);
  }

  void write_rows(std::size_t c, const void* values, std::int64_t count) {
    const auto start = static_cast<hsize_t>(written);
    const auto extent = static_cast<hsize_t>(count);
    const Handle memory(H5Screate_simple(1, &extent, nullptr), H5Sclose, "H5Screate_simple");
    const Handle space(H5Dget_space(datasets[c].get()), H5Sclose, "H5Dget_space");
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &extent, nullptr), "H5Sselect_hyperslab");
    check(H5Dwrite(datasets[c].get(), types[c].get(), memory.get(), space.get(), H5P_DEFAULT, values), "H5Dwrite");
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
  if (block.size() != state_->columns.size()) throw Error(ExitCode::internal, "a block has other columns than its shard");
  for (std::size_t c = 0; c < block.size(); ++c) {
    if (row_count(block[c]) != row_count(block.front()))
      throw Error(ExitCode::internal, "the columns of a block have different lengths");
    if (block[c].index() != state_->pending[c].index())
      throw Error(ExitCode::internal, "a block has another type than column " + state_->columns[c].name);
  }
  try {
    for (std::size_t c = 0; c < block.size(); ++c)
      std::visit(
          [&]<class Vector>(Vector& pending) {
            const auto& added = std::get<Vector>(block[c]);
            pending.insert(pending.end(), added.begin(), added.end());
          },
          state_->pending[c]);
    while (state_->pending_rows() >= chunk_rows) state_->write_first(chunk_rows);
  } catch (Error& error) {
    throw error.in_file(state_->final_path.string());
  }
}

void ShardWriter::commit() {
  try {
    if (state_->pending_rows() > 0) state_->write_first(state_->pending_rows());
    if (state_->written != state_->rows)
      throw Error(ExitCode::internal, "a shard got " + std::to_string(state_->written) + " rows instead of " +
                                          std::to_string(state_->rows));
    check(H5Fflush(state_->file.get(), H5F_SCOPE_LOCAL), "H5Fflush");
    state_->close();
    commit_file(state_->temporary, state_->final_path);
    state_->is_committed = true;
  } catch (Error& error) {
    throw error.in_file(state_->final_path.string());
  }
}

}  // namespace cardseg::io
