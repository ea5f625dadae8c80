// A CSV input that ranks have divided among themselves: opened, its header read, a range of its bytes for each rank.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/core/range.hpp"
#include "convert/background_digest.hpp"
#include "convert/csv_dialect.hpp"
#include "convert/csv_file.hpp"
#include "convert/csv_quotes.hpp"

namespace cardseg::convert {

/// Every function is collective unless it says Local.
class DividedCsv {
 public:
  /// `copy_path` says where a copy is made; it is called, on all ranks, only where one is needed. Throws
  /// comm::AgreedError. The options must outlive it.
  DividedCsv(const comm::Communicator& comm, const ConvertOptions& options,
             const std::function<std::filesystem::path()>& copy_path);

  /// Local.
  const CsvFile& file() const { return *file_; }
  CsvDialect& dialect() { return dialect_; }
  /// Local. Of this rank.
  const core::Range& bytes() const { return bytes_; }
  /// Local. Of the files as they were found.
  std::int64_t input_bytes() const;

  /// The first record that begins in this rank's bytes; nothing where none does.
  std::optional<RecordStart> first_record() const;

  /// Of an input that is read as it is: its digest is taken in the background. Copies were digested on their way.
  void begin_digest();
  /// Waits for the digest.
  const std::vector<SourceFile>& sources();

 private:
  void copy(const std::filesystem::path& path);
  void open(const std::filesystem::path& path, std::vector<FilePart> parts);
  void check_is_same() const;

  comm::Communicator comm_;
  const ConvertOptions& options_;
  std::optional<CsvFile> file_;
  std::optional<BackgroundDigest> digest_;  // on rank 0
  std::vector<SourceFile> sources_;
  CsvDialect dialect_;
  core::Range bytes_;
};

}  // namespace cardseg::convert
