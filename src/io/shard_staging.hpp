// The files of one output directory that appear together or not at all: shards and what belongs to them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::io {

/// `<stem>-00002-of-00007.h5`: at least five digits, as many for every shard, so that file names sort in row order.
std::string shard_name(const std::string& stem, std::int64_t shard, std::int64_t shards);

/// Files are written to a hidden directory inside the output directory and moved out when all of them are complete, so
/// that a job that fails, or is killed while it writes, leaves no part of a set and an older set untouched.
class ShardStaging {
 public:
  /// Collective over comm. Makes the directories. Throws core::AgreedError: cannot_create where `directory` holds HDF5
  /// files already, unless `overwrite` is true and all of them are shards of this `stem`.
  ShardStaging(const comm::Communicator& comm, std::filesystem::path directory, std::string stem, bool overwrite);
  /// Local. Removes what was not published.
  ~ShardStaging();
  ShardStaging(const ShardStaging&) = delete;
  ShardStaging& operator=(const ShardStaging&) = delete;

  /// Where to write the file that is to get `name`.
  std::filesystem::path staged(const std::string& name) const { return staging_ / name; }
  /// Collective over comm. Removes an older set, and the files named `obsolete`, then gives the files that this rank
  /// wrote (`local_names`) their final place. Throws core::AgreedError, and leaves nothing of the new set.
  void publish(const std::vector<std::string>& local_names, const std::vector<std::string>& obsolete);

 private:
  void check_directory(bool overwrite) const;
  void remove_older(const std::vector<std::string>& obsolete) const;
  void move_out(const std::vector<std::string>& local_names) const;

  comm::Communicator comm_;
  std::filesystem::path directory_;
  std::filesystem::path staging_;
  std::string stem_;
};

}  // namespace cardseg::io
