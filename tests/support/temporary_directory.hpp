// A directory for one test that removes itself and all it holds.
#pragma once

#include <filesystem>
#include <string>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::support {

class TemporaryDirectory {
 public:
  /// Local: a directory of this rank alone.
  TemporaryDirectory() : TemporaryDirectory(comm::Communicator()) {}
  /// Collective: rank 0 makes one directory for all ranks, and removes it when all ranks have left it.
  explicit TemporaryDirectory(const comm::Communicator& comm);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  /// Number of files and directories directly in it.
  int entries() const;

 private:
  comm::Communicator comm_;
  std::filesystem::path path_;
};

}  // namespace cardseg::support
