// An HDF5 file that passed the allow-list and is laid out as a shard, and what it says about itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
#include "io/file_bytes.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io {

struct OpenedShard {
  std::string table;  ///< ShardReadOptions::table
  ShardHeader header;
  hdf5::Handle file;
  hdf5::Handle parent;      ///< what holds the datasets: /<table>, or the root group
  std::string matrix_name;  ///< the dataset of a matrix shard
  FileBytes bytes;          ///< of the file, for what is read without HDF5
};

/// Runs the allow-list for the file and all its columns. Throws core::Error without the file's name: bad_data,
/// input_missing, permission; internal where HDF5 fails on the file.
OpenedShard open_shard(const std::filesystem::path& path, const ShardReadOptions& options);

/// The same of a shard whose header is known; columns of a table are left for when they are read. Throws also
/// changed_shard().
OpenedShard reopen_shard(const ShardHeader& known, const ShardReadOptions& options);

/// "The shard changed while it was read."
core::Error changed_shard();

/// Chunks are decoded here, so that HDF5 keeps none.
hdf5::Handle open_dataset(hid_t parent, const std::string& name);
bool is_dataset(hid_t parent, const std::string& name);

}  // namespace cardseg::io
