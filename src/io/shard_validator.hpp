// The allow-list that an HDF5 file must pass before any of its values is read.
#pragma once

#include <string>
#include <vector>

#include "cardseg/io/shard_file.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io {

/// Opens a file read-only after checking what can be checked without HDF5 (regular file, readable).
hdf5::Handle open_checked(const std::filesystem::path& path);

/// Throws core::Error(bad_data) unless the name is UTF-8 of 1 to 255 bytes without control characters or '/'.
void check_name(const std::string& name);

/// Names of a group's members; throws core::Error(bad_data) where one is not a hard link or its name is not allowed.
std::vector<std::string> hard_linked_names(hid_t group);

/// What one dataset is, after its storage passed the allow-list.
struct DatasetFacts {
  std::vector<std::int64_t> extent;
  ColumnType type = ColumnType::float64;
  std::string stored_type;
  std::int64_t text_bytes = 0;
  std::string filters;
  std::int64_t chunk_rows = 0;  ///< 0 where the storage has no chunks
  std::int64_t chunk_bytes = 0;
};

/// Throws core::Error(bad_data) that says what was found. Reads the dataset's description, none of its values.
DatasetFacts checked_facts(hid_t dataset);

}  // namespace cardseg::io
