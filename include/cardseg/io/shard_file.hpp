// One validated HDF5 shard: its header, and rows [a, b) of a column.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cardseg/core/range.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::io {

/// How a shard lays out its columns.
enum class Layout {
  canonical,  ///< /<table>/<column>: one 1-D dataset a column
  matrix,     ///< one 2-D numeric dataset, rows x columns, with the columns' names beside it
};

const char* name_of(Layout layout);

/// Version of the HDF5 library, "1.10.8".
std::string hdf5_version();

/// A column as it is stored.
struct StoredColumn {
  std::string name;
  ColumnType type = ColumnType::float64;  ///< what it is read as
  std::string stored_type;                ///< "uint8", "float32", "boolean", "text", ...
  std::int64_t text_bytes = 0;            ///< bytes of the longest text; 0 where the file does not say
  bool is_date = false;                   ///< marked as days since 1970-01-01; in a set: by any of its shards

  bool operator==(const StoredColumn&) const = default;
};

/// What a shard says about itself.
struct ShardHeader {
  std::filesystem::path path;
  std::int64_t rows = 0;
  std::int64_t file_bytes = 0;
  Layout layout = Layout::canonical;
  std::string filters;  ///< "none", "fletcher32", "shuffle+deflate+fletcher32", ... of the first column
  std::vector<StoredColumn> columns;
};

struct ShardReadOptions {
  /// Names of the columns of a 2-D matrix that has no `columns` attribute; empty: the attribute is required.
  std::vector<std::string> matrix_columns = {};
  std::string table = "customers";  ///< the group that holds the columns of the canonical layout
};

/// An open shard. Local; not to be shared by threads. Chunks of numbers in the canonical layout are read straight from
/// the file and decoded on all threads, where HDF5 would use one; whatever else is stored, and all that is damaged,
/// HDF5 reads.
///
/// Opening runs the allow-list of DESIGN.md section 4: a regular file, hard links only, no external or virtual storage,
/// filters deflate, shuffle and fletcher32 only, chunks up to 64 MiB, known types, all declared rows stored, equal
/// lengths. Nothing is read of a file that fails it. Throws core::Error: input_missing, permission, bad_data.
class ShardFile {
 public:
  explicit ShardFile(const std::filesystem::path& path, const ShardReadOptions& options = {});
  /// Opens a shard whose header is known, from another rank or from before. Cheap with many columns: the allow-list is
  /// run for each column when it is first read. Throws core::Error(bad_data) where the file has changed since.
  explicit ShardFile(const ShardHeader& known, const ShardReadOptions& options = {});
  ~ShardFile();
  ShardFile(ShardFile&&) noexcept;
  ShardFile& operator=(ShardFile&&) noexcept;

  const ShardHeader& header() const;

  /// Rows of a boolean or numeric column as doubles (out.size() == rows.size()). NaN is a missing value; so
  /// is what the dataset's attributes _FillValue, missing_value and rhdf5-NA.OK say. Integers past 2^53 are rounded to
  /// the nearest double. Throws core::Error: bad_data where the stored bytes are damaged (with the
  /// rows of the first damaged chunk) or the column is text; io where the file system fails.
  void read_numbers(std::size_t column, core::Range rows, std::span<double> out) const;
  /// Asks the system to fetch the stored bytes of rows of a column that will be read next, where that is known to help
  /// (the canonical layout in chunks). Returns at once and takes no memory of this process; failures are left to the
  /// reading.
  void prefetch(std::size_t column, core::Range rows) const;
  /// Rows of a boolean or integer column, or of floating-point numbers that are whole and so small that all whole
  /// numbers up to them are exact (2^53; 2^24 in float32). Throws like `read_numbers`, also at the first value that is
  /// none of these or is missing, and where one is past 2^63 - 1.
  void read_integers(std::size_t column, core::Range rows, std::span<std::int64_t> out) const;
  /// Rows of a text column, without padding; UTF-8 of up to 4096 bytes each. An empty text is a missing value.
  std::vector<std::string> read_texts(std::size_t column, core::Range rows) const;

  /// Gives back the memory of the column read last: one decoded chunk (1 MiB, more where chunks are larger; 32 MiB in
  /// the matrix layout). Reading another column does the same.
  void release() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardseg::io
