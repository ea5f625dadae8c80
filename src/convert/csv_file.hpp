// A CSV file opened for reading at any place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace cardseg::convert {

/// Local. Owns a file descriptor. Throws core::Error: input_missing, permission, io, or bad_data where the path is not
/// a regular file (a pipe cannot be read by many ranks, nor twice).
class CsvFile {
 public:
  explicit CsvFile(std::filesystem::path path);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Bytes, when it was opened.
  std::int64_t size() const { return size_; }
  /// Nanoseconds since the epoch, when it was opened.
  std::int64_t modified_ns() const { return modified_ns_; }

  /// Fills `out` from byte `offset` on; returns how many bytes came, fewer than asked only at the end of the file.
  std::size_t read_at(std::int64_t offset, std::span<char> out) const;
  /// Throws bad_data where the file has another size or time of change than when it was opened.
  void check_unchanged() const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::int64_t modified_ns_ = 0;
};

}  // namespace cardseg::convert
