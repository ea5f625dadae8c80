// CSV to HDF5 shards: `cardseg convert`.
//
// RFC 4180 with a header line, LF or CRLF line ends, UTF-8 with or without a byte order mark; empty lines are passed
// over. A quote opens a field only as its first byte. Types follow csv_types.hpp. Several files, other encodings,
// compressed files and standard input are first made one such file beside the output, by one rank.
//
// The file is read twice (three times on more than one rank, once more where a numeric column holds infinite values):
//   1. ranks divide its bytes; each finds what its bytes do to the state of the quotes; chained, that tells every rank
//      where its first row begins and on which line (csv_quotes.hpp)
//   2. each rank examines the rows that begin in its bytes: types, bad rows, how many good ones and where
//   3. ranks divide the shards; a shard's writer reads from the shard's first row
// Communicated: some numbers per rank, column and shard. Memory per rank: the buffers of one shard writer (65,536 rows)
// and at most 50 MB, whatever the size of the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/convert_options.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::convert {

struct ConvertedColumn {
  io::ColumnSpec spec;
  std::int64_t missing = 0;  ///< rows without a value
  bool is_given = false;     ///< the type was given, not inferred
  std::string note;          ///< what the user should know about the type; mostly empty
  std::string sum;  ///< exact, of numbers, of dates' days and of flags that are true; empty for text, or not exact
};

/// A file that was read, or standard input.
struct SourceFile {
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256{};
  std::string compression{};  ///< none, gzip or zstd
  std::string encoding{};
};

struct ReasonCount {
  std::string reason;
  std::int64_t rows = 0;
};

/// The same on all ranks.
struct ConvertReport {
  std::int64_t rows = 0;          ///< that parse: all are in the shards
  std::int64_t rows_written = 0;  ///< counted where the shards are written
  std::vector<SourceFile> sources;
  std::int64_t input_bytes = 0;
  char delimiter = ',';
  std::vector<ConvertedColumn> columns;       ///< in the order of the file, without those left out
  std::vector<std::filesystem::path> shards;  ///< in row order
  std::int64_t blank_lines = 0;               ///< lines without any byte, passed over
  std::int64_t bad_rows = 0;
  std::vector<ReasonCount> bad_row_reasons;            ///< those that occurred
  std::optional<std::filesystem::path> bad_rows_list;  ///< line, column, reason and id of the first 100,000 bad rows
};

/// Collective over comm. Writes the shards; their bytes are the same for every number of ranks. Values: a missing
/// number is NaN, a missing text is empty. A row is bad where its quotes, line ends, encoding or number of fields are,
/// where a field has more than 1024 bytes, where a value does not fit a given type, or where a number is infinite. Bad
/// rows take no part in the types of columns, but for those that are bad only because of an infinite number in an
/// inferred column.
///
/// Shards appear under their names when all are complete; a failure leaves none, and an older set as it was. Throws
/// comm::AgreedError: usage, input_missing, bad_data (with the line of the first bad row), cannot_create, io.
ConvertReport convert_csv(const comm::Communicator& comm, const ConvertOptions& options, core::Events& events);

}  // namespace cardseg::convert
