#include "cardseg/io/shard_file.hpp"

#include <algorithm>
#include <cstring>

#include "io/hdf5_handle.hpp"
#include "io/shard_validator.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;
using hdf5::check;
using hdf5::Handle;

constexpr const char* group_name = "customers";
constexpr std::size_t chunk_cache_bytes = std::size_t{64} << 20;
constexpr std::int64_t text_piece = 65536;  // rows of text read at a time

constexpr const char* canonical_advice =
    "Write one 1-D dataset a column, in Python: with h5py.File(path, 'w') as f: "
    "[f.create_dataset('customers/' + c, data=df[c].to_numpy(), chunks=True, fletcher32=True) for c in df]";

Handle open_dataset(hid_t parent, const std::string& name) {
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_chunk_cache(access.get(), 521, chunk_cache_bytes, 1.0), "H5Pset_chunk_cache");
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

std::vector<std::string> read_all_texts(hid_t object, hid_t stored_type, std::int64_t count, hid_t memory, hid_t file_space,
                                        bool is_attribute) {
  std::vector<std::string> texts(static_cast<std::size_t>(count));
  const bool is_variable = check(H5Tis_variable_str(stored_type), "H5Tis_variable_str") > 0;
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
  const std::size_t width = is_variable ? 0 : H5Tget_size(stored_type);
  check(H5Tset_size(type.get(), is_variable ? H5T_VARIABLE : width), "H5Tset_size");
  check(H5Tset_cset(type.get(), H5Tget_cset(stored_type)), "H5Tset_cset");
  if (!is_variable) check(H5Tset_strpad(type.get(), H5Tget_strpad(stored_type)), "H5Tset_strpad");
  const auto read = [&](void* out) {
    return is_attribute ? H5Aread(object, type.get(), out)
                        : H5Dread(object, type.get(), memory, file_space, H5P_DEFAULT, out);
  };
  if (is_variable) {
    std::vector<char*> pointers(texts.size(), nullptr);
    check(read(pointers.data()), "H5Dread");
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = pointers[i] ? pointers[i] : "";
    for (char* pointer : pointers) H5free_memory(pointer);
    return texts;
  }
  std::vector<char> buffer(texts.size() * width);
  check(read(buffer.data()), "H5Dread");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const char* begin = buffer.data() + i * width;
    texts[i].assign(begin, ::strnlen(begin, width));
  }
  return texts;
}

std::vector<std::string> column_names_attribute(hid_t dataset, std::int64_t columns) {
  const Handle attribute(H5Aopen(dataset, "columns", H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  if (H5Tget_class(type.get()) != H5T_STRING || H5Sget_simple_extent_npoints(space.get()) != columns)
    refuse_layout("its 'columns' attribute is not one text a column");
  return read_all_texts(attribute.get(), type.get(), columns, H5S_ALL, H5S_ALL, true);
}

void check_names(const std::vector<StoredColumn>& columns) {
  std::vector<std::string> names;
  for (const StoredColumn& column : columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw Error(ExitCode::bad_data, "has two columns of one name").in_column(*twice);
  if (!names.empty() && names.front().empty()) refuse_layout("a column has no name");
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
  Handle parent;                          // the group of a canonical shard
  Handle matrix;                          // the dataset of a matrix shard
  mutable std::vector<Handle> datasets;  // opened when first read

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
    std::string found = names.empty() ? "the file is empty" : "no group /customers; found";
    for (const std::string& name : names) found += " /" + name;
    refuse_layout(found);
  }

  void open_canonical() {
    parent = Handle(H5Gopen2(file.get(), group_name, H5P_DEFAULT), H5Gclose, "H5Gopen2");
    for (const std::string& name : hard_linked_names(parent.get())) {
      if (kind_of(parent.get(), name) != H5O_TYPE_DATASET) refuse_layout("/customers/" + name + " is not a dataset");
      add_column(name);
    }
    if (header.columns.empty()) refuse_layout("/customers holds no column");
    datasets.resize(header.columns.size());
  }

  void add_column(const std::string& name) {
    const Handle dataset = open_dataset(parent.get(), name);
    DatasetFacts facts;
    try {
      facts = checked_facts(dataset.get());
    } catch (Error& error) {
      throw error.in_column(name).remedy(canonical_advice);
    }
    if (facts.extent.size() != 1) refuse_layout("/customers/" + name + " is not one-dimensional");
    if (header.columns.empty()) {
      header.rows = facts.extent[0];
      header.filters = facts.filters;
    }
    if (facts.extent[0] != header.rows) {
      Error error(ExitCode::bad_data, "has " + std::to_string(facts.extent[0]) + " rows where column " +
                                          header.columns.front().name + " has " + std::to_string(header.rows));
      throw error.in_column(name).remedy("All columns of a shard have one length; write this shard again");
    }
    header.columns.push_back({name, facts.type, facts.stored_type, facts.text_bytes});
  }

  void open_matrix(const std::string& name, const ShardReadOptions& options) {
    matrix = open_dataset(file.get(), name);
    DatasetFacts facts;
    try {
      facts = checked_facts(matrix.get());
    } catch (Error& error) {
      refuse_layout("/" + name + " " + error.reason());
    }
    if (facts.extent.size() != 2 || facts.type == ColumnType::text)
      refuse_layout("/" + name + " is neither the group /customers nor a 2-D matrix of numbers");
    header.layout = Layout::matrix;
    header.filters = facts.filters;
    header.rows = facts.extent[0];
    for (const std::string& column : matrix_names(facts.extent[1], options))
      header.columns.push_back({column, facts.type, facts.stored_type, 0});
    check_names(header.columns);
  }

  std::vector<std::string> matrix_names(std::int64_t columns, const ShardReadOptions& options) const {
    if (check(H5Aexists(matrix.get(), "columns"), "H5Aexists") > 0) return column_names_attribute(matrix.get(), columns);
    if (static_cast<std::int64_t>(options.matrix_columns.size()) == columns) return options.matrix_columns;
    Error error(ExitCode::bad_data, "is a matrix of " + std::to_string(columns) + " columns without names (" +
                                        std::to_string(options.matrix_columns.size()) + " given)");
    throw error.remedy("Name them with --columns a,b,c, or in Python: dataset.attrs['columns'] = list(df.columns)");
  }

  hid_t dataset(std::size_t column) const {
    if (header.layout == Layout::matrix) return matrix.get();
    if (!datasets[column]) datasets[column] = open_dataset(parent.get(), header.columns[column].name);
    return datasets[column].get();
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

  // Runs `read` and turns a failure into an error that says which rows are damaged.
  template <class Read>
  auto checked_read(std::size_t column, Range rows, Read read) const {
    try {
      return read();
    } catch (Error& error) {
      Error damaged(ExitCode::bad_data, "the stored values cannot be read, the file is damaged (" + error.reason() + ")");
      damaged.in_file(header.path.string()).in_column(header.columns[column].name);
      throw damaged.at_rows(rows.begin, rows.end - 1).remedy("Copy or write this shard again");
    }
  }

  void read_as(hid_t memory_type, std::size_t column, Range rows, void* out) const {
    if (rows.is_empty()) return;
    checked_read(column, rows, [&] {
      const Selection selection = select(column, rows);
      check(H5Dread(dataset(column), memory_type, selection.memory.get(), selection.file.get(), H5P_DEFAULT, out),
            "H5Dread");
    });
  }
};

ShardFile::ShardFile(const std::filesystem::path& path, const ShardReadOptions& options)
    : state_(std::make_unique<State>()) {
  try {
    state_->open(path, options);
  } catch (Error& error) {
    throw error.in_file(path.string());
  }
}

ShardFile::~ShardFile() = default;
ShardFile::ShardFile(ShardFile&&) noexcept = default;
ShardFile& ShardFile::operator=(ShardFile&&) noexcept = default;

const ShardHeader& ShardFile::header() const { return state_->header; }

void ShardFile::read_numbers(std::size_t column, Range rows, std::span<double> out) const {
  if (header().columns[column].type == ColumnType::text) {
    Error error(ExitCode::bad_data, "the column holds text where numbers are needed");
    error.in_file(header().path.string()).in_column(header().columns[column].name);
    throw error.remedy("Exclude the column, or convert it again as numbers");
  }
  state_->read_as(H5T_NATIVE_DOUBLE, column, rows, out.data());
}

void ShardFile::read_integers(std::size_t column, Range rows, std::span<std::int64_t> out) const {
  state_->read_as(H5T_NATIVE_INT64, column, rows, out.data());
}

std::vector<std::string> ShardFile::read_texts(std::size_t column, Range rows) const {
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(rows.size()));
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += text_piece) {
    const Range piece{begin, std::min(begin + text_piece, rows.end)};
    std::vector<std::string> some = state_->checked_read(column, piece, [&] {
      const State::Selection selection = state_->select(column, piece);
      const Handle type(H5Dget_type(state_->dataset(column)), H5Tclose, "H5Dget_type");
      return read_all_texts(state_->dataset(column), type.get(), piece.size(), selection.memory.get(),
                            selection.file.get(), false);
    });
    texts.insert(texts.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return texts;
}

}  // namespace cardseg::io
