// A CSV file opened for reading at any place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cardseg::convert {

/// Lines from `first_line` of a file that was put together belong to lines from `line` on of `file`.
struct FilePart {
  std::int64_t first_line = 1;
  std::string file;
  std::int64_t line = 1;
};

/// Local. Owns a file descriptor. Throws core::Error: input_missing, permission, io, or bad_data where the path is not
/// a regular file (a pipe cannot be read by many ranks, nor twice).
class CsvFile {
 public:
  explicit CsvFile(std::filesystem::path path);
  /// A file that was put together from `parts`, which messages name instead of it.
  CsvFile(std::filesystem::path path, std::vector<FilePart> parts);
  /// A text in memory.
  static CsvFile of_text(std::string text) { return CsvFile(std::move(text), 0); }
  ~CsvFile();
  CsvFile(CsvFile&&) noexcept;
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// The file as the user knows it, and the line in it.
  struct Place {
    std::string file;
    std::int64_t line = 1;
  };
  Place place_of(std::int64_t line) const;
  /// True where it was put together from several files.
  bool has_parts() const { return parts_.size() > 1; }

  /// Bytes, when it was opened.
  std::int64_t size() const { return size_; }
  /// Nanoseconds since the epoch, when it was opened.
  std::int64_t modified_ns() const { return modified_ns_; }

  /// Fills `out` from byte `offset` on; returns how many bytes came, fewer than asked only at the end of the file.
  std::size_t read_at(std::int64_t offset, std::span<char> out) const;
  /// Throws bad_data where the file has another size or time of change than when it was opened.
  void check_unchanged() const;

 private:
  CsvFile(std::string text, int) : text_(std::move(text)), size_(std::ssize(text_)) {}

  std::filesystem::path path_;
  std::vector<FilePart> parts_;
  std::string text_;  // where there is no descriptor
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::int64_t modified_ns_ = 0;
};

}  // namespace cardseg::convert
