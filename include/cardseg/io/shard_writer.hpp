// Writes one HDF5 shard in the canonical layout: /<table>/<column>, chunked, checksummed, whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "cardseg/io/table.hpp"

namespace cardseg::io {

struct ShardWriterOptions {
  int deflate_level = 0;            ///< 0 (none) to 9; with shuffle where above 0
  std::string table = "customers";  ///< the group that holds the columns
  /// A digest of the values of each chunk is kept beside them, for readers to check.
  bool has_digests = true;
};

/// One writer a file. Local. The file's bytes depend on the specification and the rows alone, not on how the rows are
/// divided into blocks: rows are gathered and written in whole chunks of 65,536.
///
/// The file is written under a temporary name in the same directory and gets its final name in `commit`; a writer that
/// is destroyed without commit leaves nothing. Throws core::Error: cannot_create where the file cannot be made, io
/// where writing fails (disk full), with HDF5's own text.
class ShardWriter {
 public:
  ShardWriter(const std::filesystem::path& final_path, std::vector<ColumnSpec> columns, std::int64_t rows,
              const ShardWriterOptions& options = {});
  ~ShardWriter();
  ShardWriter(ShardWriter&&) noexcept;
  ShardWriter& operator=(ShardWriter&&) noexcept;

  /// Appends rows; `block` has one entry a column, all of one length. The blocks together have exactly `rows` rows.
  void append(const Block& block);
  /// Checks that all rows came, flushes, syncs, renames. The writer cannot be used after.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardseg::io
