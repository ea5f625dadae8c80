// Memory whose contents live in a file without a name: larger than the machine's memory, gone with the process.
#pragma once

#include <cstdint>
#include <filesystem>

namespace cardseg::io {

/// A shared mapping of a scratch file. The file has no name from the start (or loses it at once), so that nothing is
/// left behind however the process ends; only its owner could read it. Its space is reserved first: a full disk is an
/// error when it is made, never a signal later. (What remains a signal is a disk that fails while it is read.)
///
/// Any number of threads may read, and write different bytes; `release` and `write_back` change no byte, so they may be
/// called beside readers.
class ScratchMapping {
 public:
  /// Local. `bytes` zero bytes backed by a file in `directory`. Throws core::Error naming the directory: cannot_create
  /// where it is missing or cannot take that many bytes, permission where nothing may be written there.
  ScratchMapping(const std::filesystem::path& directory, std::int64_t bytes);
  ~ScratchMapping();
  ScratchMapping(ScratchMapping&& other) noexcept;
  ScratchMapping& operator=(ScratchMapping&& other) noexcept;
  ScratchMapping(const ScratchMapping&) = delete;
  ScratchMapping& operator=(const ScratchMapping&) = delete;

  /// Aligned to a page.
  std::byte* data() const { return data_; }
  std::int64_t bytes() const { return bytes_; }

  /// Gives the memory of bytes [begin, end) back to the system, in whole pages that cover them; whoever reads them
  /// again gets the same bytes from the file.
  void release(std::int64_t begin, std::int64_t end) const;
  /// Asks the system to read bytes [begin, end) ahead, as far as they exist. Does not wait.
  void read_ahead(std::int64_t begin, std::int64_t end) const;
  /// Has changed bytes of [begin, end) written to the file, without waiting, and releases them.
  void write_back(std::int64_t begin, std::int64_t end) const;

 private:
  std::byte* data_ = nullptr;
  std::int64_t bytes_ = 0;
  int file_ = -1;
};

/// True where files of this directory are kept in memory (tmpfs, ramfs): they are no help to who lacks memory.
bool is_in_memory(const std::filesystem::path& directory);

}  // namespace cardseg::io
