#include "cardseg/io/shard_file.hpp"

#include <algorithm>
#include <iterator>

#include "io/hdf5_handle.hpp"
#include "io/hdf5_texts.hpp"
#include "io/shard_validator.hpp"
#include "io/utf8.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;
using hdf5::check;
using hdf5::Handle;

constexpr const char* group_name = "customers";
constexpr std::int64_t least_cache_bytes = std::int64_t{1} << 20;    // HDF5's own default
constexpr std::int64_t matrix_cache_bytes = std::int64_t{32} << 20;  // columns of one chunk are read one after another
constexpr std::size_t cache_slots = 10007;
constexpr std::size_t no_column = static_cast<std::size_t>(-1);
constexpr std::int64_t text_piece_rows = 16384;  // rows of text read at a time, at most
constexpr std::int64_t text_piece_bytes = std::int64_t{16} << 20;
constexpr std::int64_t max_matrix_columns = 4096;

constexpr const char* canonical_advice =
    "Write one 1-D dataset a column, in Python: with h5py.File(path, 'w') as f: "
    "[f.create_dataset('customers/' + c, data=df[c].to_numpy(), chunks=True, fletcher32=True) for c in df]";

Handle open_dataset(hid_t parent, const std::string& name, std::int64_t cache_bytes) {
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_chunk_cache(access.get(), cache_slots, static_cast<std::size_t>(cache_bytes), 1.0),
        "H5Pset_chunk_cache");
  return {H5Dopen2(parent, name.c_str(), access.get()), H5Dclose, "H5Dopen2"};
}

H5O_type_t kind_of(hid_t parent, const std::string& name) {
  H5O_info_t info{};
  check(H5Oget_info_by_name2(parent, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT), "H5Oget_info_by_name2");
  return info.type;
}

[[noreturn]] void refuse_layout(const std::string& found) {
  Error error(ExitCode::bad_data, "is not laid out as a shard: " + found);
  throw error.remedy(canonical_advice);
}

std::vector<std::string> column_names_attribute(hid_t dataset, std::int64_t columns) {
  const Handle attribute(H5Aopen(dataset, "columns", H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  if (H5Tget_class(type.get()) != H5T_STRING) refuse_layout("its 'columns' attribute does not hold texts");
  const hssize_t names = H5Sget_simple_extent_npoints(space.get());
  if (names != columns)
    refuse_layout("its 'columns' attribute names " + std::to_string(names) + " columns of " + std::to_string(columns));
  return hdf5::read_texts_of_attribute(attribute.get(), columns);
}

void check_names(const std::vector<StoredColumn>& columns) {
  std::vector<std::string> names;
  for (const StoredColumn& column : columns) {
    check_name(column.name);
    names.push_back(column.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  Error error(ExitCode::bad_data, "has two columns of this name");
  throw error.in_column(*twice).remedy("Give every column its own name");
}

// HDF5 failing on a file that it opened: its description is damaged. What the operating system said stays as it is.
Error as_damage(const Error& error) {
  if (error.code() != ExitCode::internal) return error;
  Error damaged(ExitCode::bad_data, "is damaged (" + error.reason() + ")");
  damaged.in_column(error.place().column);
  return damaged.remedy("Copy or write this shard again");
}

Error changed() {
  Error error(ExitCode::bad_data, "the shard changed while it was read");
  return error.remedy("Run again when nothing writes to it; shards should be complete before they are read");
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i) text += (i == 0 ? "" : ", ") + ("/" + shown(names[i]));
  return names.size() > 10 ? text + ", and " + std::to_string(names.size() - 10) + " more" : text;
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

struct ShardFile::State {
  ShardHeader header;
  Handle file;
  Handle parent;            // what holds the datasets: /customers, or the root group
  std::string matrix_name;  // the dataset of a matrix shard
  // The one dataset that is open. Each holds decoded chunks, so a second one would cost memory.
  mutable std::size_t open_column = no_column;
  mutable Handle open_handle;
  mutable std::int64_t open_chunk_rows = 0;

  void open(const std::filesystem::path& path, const ShardReadOptions& options) {
    header.path = path;
    file = open_checked(path);
    header.file_bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    const std::vector<std::string> names = hard_linked_names(file.get());
    const bool has_customers = std::find(names.begin(), names.end(), group_name) != names.end();
    if (has_customers && kind_of(file.get(), group_name) == H5O_TYPE_GROUP) return open_canonical();
    std::vector<std::string> datasets_at_root;
    for (const std::string& name : names)
      if (kind_of(file.get(), name) == H5O_TYPE_DATASET) datasets_at_root.push_back(name);
    if (datasets_at_root.size() == 1) return open_matrix(datasets_at_root.front(), options);
    refuse_layout(names.empty() ? "the file holds nothing" : "there is no group /customers; found " + joined(names));
  }

  void reopen(const ShardHeader& known, const ShardReadOptions& options) {
    if (known.layout == Layout::matrix) {
      open(known.path, options);
      if (header.rows != known.rows || header.columns != known.columns) throw changed();
      return;
    }
    header = known;
    file = open_checked(known.path);
    if (static_cast<std::int64_t>(std::filesystem::file_size(known.path)) != known.file_bytes) throw changed();
    hard_linked_names(file.get());
    parent = Handle(H5Gopen2(file.get(), group_name, H5P_DEFAULT), H5Gclose, "H5Gopen2");
  }

  void open_canonical() {
    parent = Handle(H5Gopen2(file.get(), group_name, H5P_DEFAULT), H5Gclose, "H5Gopen2");
    for (const std::string& name : hard_linked_names(parent.get())) {
      if (kind_of(parent.get(), name) != H5O_TYPE_DATASET) refuse_layout("/customers/" + name + " is not a dataset");
      try {
        add_column(name);
      } catch (Error& error) {
        throw error.in_column(name);
      }
    }
    if (header.columns.empty()) refuse_layout("/customers holds no column");
    check_names(header.columns);
  }

  void add_column(const std::string& name) {
    const DatasetFacts facts = column_facts(open_dataset(parent.get(), name, least_cache_bytes).get());
    if (header.columns.empty()) {
      header.rows = facts.extent[0];
      header.filters = facts.filters;
    }
    if (facts.extent[0] != header.rows) {
      Error error(ExitCode::bad_data, "has " + std::to_string(facts.extent[0]) + " rows where column " +
                                          header.columns.front().name + " has " + std::to_string(header.rows));
      throw error.remedy("All columns of a shard have one length; write this shard again");
    }
    header.columns.push_back({name, facts.type, facts.stored_type, facts.text_bytes});
  }

  static DatasetFacts column_facts(hid_t dataset) {
    try {
      const DatasetFacts facts = checked_facts(dataset);
      if (facts.extent.size() == 1) return facts;
      throw Error(ExitCode::bad_data, "has " + std::to_string(facts.extent.size()) + " dimensions, not one");
    } catch (Error& error) {
      if (error.code() != ExitCode::bad_data || !error.remedy_text().empty()) throw;
      throw error.remedy(canonical_advice);
    }
  }

  void open_matrix(const std::string& name, const ShardReadOptions& options) {
    parent = Handle(H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose, "H5Gopen2");
    const Handle matrix = open_dataset(parent.get(), name, least_cache_bytes);
    const DatasetFacts facts = matrix_facts(matrix.get(), name);
    header.layout = Layout::matrix;
    header.filters = facts.filters;
    header.rows = facts.extent[0];
    matrix_name = name;
    for (const std::string& column : matrix_names(matrix.get(), facts.extent[1], options))
      header.columns.push_back({column, facts.type, facts.stored_type, 0});
    check_names(header.columns);
  }

  static DatasetFacts matrix_facts(hid_t dataset, const std::string& name) {
    DatasetFacts facts;
    try {
      facts = checked_facts(dataset);
    } catch (Error& error) {
      if (error.code() != ExitCode::bad_data) throw;
      refuse_layout("/" + name + " " + error.reason());
    }
    if (facts.extent.size() != 2 || facts.type == ColumnType::text)
      refuse_layout("/" + name + " is neither the group /customers nor a 2-D matrix of numbers");
    if (facts.extent[1] < 1 || facts.extent[1] > max_matrix_columns)
      refuse_layout("/" + name + " has " + std::to_string(facts.extent[1]) + " columns; 1 to " +
                    std::to_string(max_matrix_columns) + " are read");
    return facts;
  }

  static std::vector<std::string> matrix_names(hid_t matrix, std::int64_t columns, const ShardReadOptions& options) {
    const std::vector<std::string>& given = options.matrix_columns;
    if (check(H5Aexists(matrix, "columns"), "H5Aexists") > 0) {
      std::vector<std::string> names = column_names_attribute(matrix, columns);
      if (given.empty() || given == names) return names;
      Error error(ExitCode::bad_data, "names its columns itself ('columns' attribute), and not as --columns does");
      throw error.remedy("Leave --columns out, or give the names of the attribute in its order");
    }
    if (static_cast<std::int64_t>(given.size()) == columns) return given;
    Error error(ExitCode::bad_data, "is a matrix of " + std::to_string(columns) + " columns without names (" +
                                        std::to_string(given.size()) + " given)");
    throw error.remedy("Name them with --columns a,b,c, or in Python: dataset.attrs['columns'] = list(df.columns)");
  }

  void release() const {
    open_handle.reset();
    open_column = no_column;
  }

  hid_t dataset(std::size_t column) const {
    if (open_column == no_column || (header.layout == Layout::canonical && open_column != column))
      open_dataset_of(column);
    return open_handle.get();
  }

  // Opens a dataset with a cache for one chunk at least: a chunk that does not fit is decoded again by every read.
  void open_dataset_of(std::size_t column) const {
    release();
    const bool is_matrix = header.layout == Layout::matrix;
    const StoredColumn& stored = header.columns[column];
    const std::string& name = is_matrix ? matrix_name : stored.name;
    H5L_info_t link{};
    check(H5Lget_info(parent.get(), name.c_str(), &link, H5P_DEFAULT), "H5Lget_info");
    if (link.type != H5L_TYPE_HARD || kind_of(parent.get(), name) != H5O_TYPE_DATASET) throw changed();
    Handle handle = open_dataset(parent.get(), name, least_cache_bytes);
    const DatasetFacts facts = is_matrix ? matrix_facts(handle.get(), name) : column_facts(handle.get());
    if (facts.extent[0] != header.rows || facts.stored_type != stored.stored_type) throw changed();
    const std::int64_t cache_bytes = std::max(facts.chunk_bytes, is_matrix ? matrix_cache_bytes : least_cache_bytes);
    if (cache_bytes > least_cache_bytes) {
      handle.reset();
      handle = open_dataset(parent.get(), name, cache_bytes);
    }
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
      const Selection selection = select(column, part);
      check(H5Dread(dataset(column), memory_type, selection.memory.get(), selection.file.get(), H5P_DEFAULT,
                    out.data() + (part.begin - rows.begin)),
            "H5Dread");
    });
    if (header.columns[column].type == ColumnType::boolean) check_booleans<T>(column, rows, out);
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
    const Selection selection = select(column, rows);
    return hdf5::read_texts(dataset(column), selection.memory.get(), selection.file.get(), rows.size());
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

ShardFile::ShardFile(const std::filesystem::path& path, const ShardReadOptions& options)
    : state_(std::make_unique<State>()) {
  try {
    state_->open(path, options);
  } catch (Error& error) {
    throw as_damage(error).in_file(path.string());
  }
}

ShardFile::ShardFile(const ShardHeader& known, const ShardReadOptions& options) : state_(std::make_unique<State>()) {
  try {
    state_->reopen(known, options);
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
               "Exclude the column, describe it as categorical, or convert it again as numbers");
  state_->read_as(H5T_NATIVE_DOUBLE, column, rows, out);
}

void ShardFile::read_integers(std::size_t column, Range rows, std::span<std::int64_t> out) const {
  const StoredColumn& stored = header().columns[column];
  const bool is_whole =
      stored.type == ColumnType::boolean || stored.type == ColumnType::int32 || stored.type == ColumnType::int64;
  state_->need(column, is_whole, "whole numbers are", "Convert the column again as integers");
  if (stored.stored_type != "uint64") return state_->read_as(H5T_NATIVE_INT64, column, rows, out);
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
