// A directory for one CSV test, shared by the ranks of a communicator, that removes itself.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::convert {

class CsvScratch {
 public:
  /// Collective over comm: rank 0 makes the directory and removes it when all ranks have left it.
  explicit CsvScratch(const comm::Communicator& comm = {});
  ~CsvScratch();
  CsvScratch(const CsvScratch&) = delete;
  CsvScratch& operator=(const CsvScratch&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  /// Collective over comm: rank 0 writes the file.
  std::filesystem::path write(const std::string& name, std::string_view text) const;

 private:
  comm::Communicator comm_;
  std::filesystem::path path_;
};

}  // namespace cardseg::convert
