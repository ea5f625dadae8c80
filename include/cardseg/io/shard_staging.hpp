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
  /// Collective over comm. Makes the directories. `companions`: names of other files that belong to the set. Throws
  /// comm::AgreedError: cannot_create where `directory` holds HDF5 files or a companion already, unless `overwrite` is
  /// true and all HDF5 files in it are shards of this `stem`.
  ShardStaging(const comm::Communicator& comm, std::filesystem::path directory, std::string stem,
               std::vector<std::string> companions, bool overwrite);
  /// Local. Removes what was not published, and the directory where it is new and empty.
  ~ShardStaging();
  ShardStaging(const ShardStaging&) = delete;
  ShardStaging& operator=(const ShardStaging&) = delete;

  /// Where to write the file that is to get `name`.
  std::filesystem::path staged(const std::string& name) const { return staging_ / name; }
  /// Collective over comm. Removes an older set with its companions, then gives the files that this rank wrote
  /// (`local_names`) their final place. Throws comm::AgreedError, and leaves nothing of the new set.
  void publish(const std::vector<std::string>& local_names);

 private:
  void check_directory(bool overwrite) const;
  void remove_older() const;
  void move_out(const std::vector<std::string>& local_names) const;

  comm::Communicator comm_;
  std::filesystem::path directory_;
  std::filesystem::path staging_;
  bool made_directory_ = false;  // on the root
  std::string stem_;
  std::vector<std::string> companions_;
};

}  // namespace cardseg::io
