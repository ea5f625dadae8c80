#include "io/opened_shard.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "cardseg/io/utf8.hpp"
#include "io/column_marks.hpp"
#include "io/foreign_layout.hpp"
#include "io/shard_layout.hpp"
#include "io/shard_validator.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;
namespace fs = std::filesystem;

H5O_type_t kind_of(hid_t parent, const std::string& name) {
  H5O_info_t info{};
  check(H5Oget_info_by_name2(parent, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT), "H5Oget_info_by_name2");
  return info.type;
}

Handle open_group(hid_t file, const std::string& name) {
  return {H5Gopen2(file, name.c_str(), H5P_DEFAULT), H5Gclose, "H5Gopen2"};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i) text += (i == 0 ? "" : ", ") + ("/" + shown(names[i]));
  return names.size() > 10 ? text + ", and " + std::to_string(names.size() - 10) + " more" : text;
}

// The file alone, before anything of it is looked at.
OpenedShard open_file(const fs::path& path, const ShardReadOptions& options) {
  OpenedShard shard;
  shard.table = options.table;
  shard.header.path = path;
  shard.file = open_checked(path);
  shard.bytes = bytes_of(shard.file.get());
  shard.header.file_bytes = static_cast<std::int64_t>(fs::file_size(path));
  return shard;
}

void add_column(const std::string& name, OpenedShard& shard) {
  ShardHeader& header = shard.header;
  const Handle dataset = open_dataset(shard.parent.get(), name);
  const DatasetFacts facts = column_facts(dataset.get(), shard.table);
  if (header.columns.empty()) {
    header.rows = facts.extent[0];
    header.filters = facts.filters;
  }
  if (facts.extent[0] != header.rows) {
    Error error(ExitCode::bad_data, "has " + std::to_string(facts.extent[0]) + " rows where column " +
                                        header.columns.front().name + " has " + std::to_string(header.rows));
    throw error.remedy("All columns of a shard have one length; write this shard again");
  }
  header.columns.push_back({name, facts.type, facts.stored_type, facts.text_bytes, is_marked_as_date(dataset.get())});
}

// A '/' in the name of a column makes a group of its first part.
[[noreturn]] void refuse_group(const std::string& name, const std::string& table) {
  refuse_layout(name + " is a group, not a column: groups within groups, or a column whose name has a '/'", table);
}

void open_table(OpenedShard& shard) {
  const std::string path = "/" + shard.table;
  shard.parent = open_group(shard.file.get(), shard.table);
  for (const std::string& name : hard_linked_names(shard.parent.get())) {
    if (!is_dataset(shard.parent.get(), name)) refuse_group(path + "/" + name, shard.table);
    try {
      hdf5::guarded([&] { add_column(name, shard); });
    } catch (Error& error) {
      throw error.in_column(name);
    }
  }
  if (shard.header.columns.empty()) refuse_layout(path + " holds no column", shard.table);
  check_names(shard.header.columns);
}

void open_matrix(const std::string& name, const ShardReadOptions& options, OpenedShard& shard) {
  shard.parent = open_group(shard.file.get(), "/");
  const Handle matrix = open_dataset(shard.parent.get(), name);
  const DatasetFacts facts = matrix_facts(matrix.get(), name, shard.table);
  shard.header.layout = Layout::matrix;
  shard.header.filters = facts.filters;
  shard.header.rows = facts.extent[0];
  shard.matrix_name = name;
  for (const std::string& column : matrix_names(matrix.get(), facts.extent, options))
    shard.header.columns.push_back({column, facts.type, facts.stored_type});
  check_names(shard.header.columns);
}

}  // namespace

Handle open_dataset(hid_t parent, const std::string& name) {
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_chunk_cache(access.get(), 1, 0, 1.0), "H5Pset_chunk_cache");
  return {H5Dopen2(parent, name.c_str(), access.get()), H5Dclose, "H5Dopen2"};
}

bool is_dataset(hid_t parent, const std::string& name) { return kind_of(parent, name) == H5O_TYPE_DATASET; }

Error changed_shard() {
  Error error(ExitCode::bad_data, "the shard changed while it was read");
  return error.remedy("Run again when nothing writes to it; shards should be complete before they are read");
}

OpenedShard open_shard(const fs::path& path, const ShardReadOptions& options) {
  OpenedShard shard = open_file(path, options);
  const hid_t file = shard.file.get();
  const std::vector<std::string> names = hard_linked_names(file);
  refuse_foreign_layout(file, names);
  const bool has_table = std::ranges::find(names, options.table) != names.end();
  if (has_table && kind_of(file, options.table) == H5O_TYPE_GROUP) {
    open_table(shard);
    return shard;
  }
  std::vector<std::string> datasets_at_root;
  for (const std::string& name : names)
    if (is_dataset(file, name)) datasets_at_root.push_back(name);
  if (datasets_at_root.size() != 1)
    refuse_layout(
        names.empty() ? "the file holds nothing" : "there is no group /" + options.table + "; found " + joined(names),
        options.table);
  open_matrix(datasets_at_root.front(), options, shard);
  return shard;
}

OpenedShard reopen_shard(const ShardHeader& known, const ShardReadOptions& options) {
  if (known.layout == Layout::matrix) {
    OpenedShard shard = open_shard(known.path, options);
    if (shard.header.rows != known.rows || shard.header.columns != known.columns) throw changed_shard();
    return shard;
  }
  OpenedShard shard = open_file(known.path, options);
  if (shard.header.file_bytes != known.file_bytes) throw changed_shard();
  shard.header = known;
  hard_linked_names(shard.file.get());
  shard.parent = open_group(shard.file.get(), options.table);
  return shard;
}

}  // namespace cardseg::io
