// Files that appear under their final name whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cardseg::io {

/// Local. Writes `text` to a temporary name beside `path`, syncs it, renames it, syncs the directory. Mode 0600 under
/// the program's umask. Throws core::Error: cannot_create, permission or io (with the system's text).
void write_file(const std::filesystem::path& path, std::string_view text);

/// A text that is too long for memory, written piece by piece under a temporary name. Local. Without commit() nothing
/// is left. Throws what write_file throws.
class TextFileWriter {
 public:
  explicit TextFileWriter(std::filesystem::path final_path);
  ~TextFileWriter();
  TextFileWriter(const TextFileWriter&) = delete;
  TextFileWriter& operator=(const TextFileWriter&) = delete;

  void append(std::string_view text);
  /// Gives the file its name. The writer cannot be used after.
  void commit();

 private:
  std::filesystem::path final_path_;
  std::filesystem::path temporary_;  ///< empty: committed
  int fd_ = -1;
};

/// The largest file that is read as text, in bytes: beyond it there is no description, model or manifest.
inline constexpr std::int64_t max_text_bytes = std::int64_t{1} << 30;

/// Local. The whole file as text. It is opened without waiting, so that a named pipe cannot block.
/// Throws core::Error: input_missing where it is absent or no regular file (a device, a pipe), bad_data where it has
/// more than `max_text_bytes`, permission or io.
std::string read_file(const std::filesystem::path& path);

/// Local. SHA-256 of a file's bytes as 64 hexadecimal digits. Throws like `read_file`.
std::string sha256_of_file(const std::filesystem::path& path);

/// A temporary name in the same directory, unlike that of any other process. Ends in ".partial".
std::filesystem::path temporary_name(const std::filesystem::path& final_path);

/// Local. The same without syncs, for what is of no use after the machine went down.
void write_passing_file(const std::filesystem::path& path, std::string_view text);

/// Local. Makes a file with mode 0600, or replaces what is in it. Throws core::Error: cannot_create, permission or io.
void create_file(const std::filesystem::path& path, std::string_view text);

/// Local. Syncs a closed file, gives it its final name and syncs the directory. Throws core::Error(io).
void commit_file(const std::filesystem::path& temporary, const std::filesystem::path& final_path);

/// Local. Syncs `fresh`, a directory, and gives each of the two the other's name at once. False where the file system
/// cannot; throws core::Error(io).
bool exchange_directories(const std::filesystem::path& fresh, const std::filesystem::path& old);

/// Local. Creates the directory (and its parents) where absent. Throws core::Error: cannot_create or permission.
void make_directory(const std::filesystem::path& directory);

}  // namespace cardseg::io
