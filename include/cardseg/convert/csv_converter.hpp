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
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_conventions.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::convert {

/// What is done with rows that do not parse.
enum class BadRows { error, skip };

/// A word that stands for a missing value: in `column`, or in every column where that is empty.
struct GapWord {
  std::string column;
  std::string word;
};

struct ConvertOptions {
  std::vector<std::filesystem::path> inputs;  ///< CSV files of the same columns, also .gz and .zst; `-`: standard input
  std::string encoding;  ///< of the files, as iconv names it; empty: UTF-8, or what a byte order mark says
  std::filesystem::path
      output_directory;  ///< made where absent; gets `<stem of the first input>-00000-of-00007.h5`, ...
  std::int64_t rows_per_shard =
      1'000'000;                          ///< rows in every shard but the last; 1 to 10^12; at most 10^6 shards result
  char delimiter = 0;                     ///< any ASCII byte but quote, letters, digits and line ends; 0: detected
  std::int64_t header_line = 0;           ///< the line that names the columns, from 1; 0: the first
  bool has_header = true;                 ///< false: `column_names` are the columns'
  std::vector<std::string> column_names;  ///< of a file without a header, in their order
  std::vector<GapWord> missing;           ///< words for a missing value beside the usual ones (csv_gap_words.cpp)
  std::map<std::string, io::ColumnType> types;  ///< column name to type; the other columns' types are inferred
  std::vector<std::string> date_columns;        ///< columns that must hold dates
  std::filesystem::path like;         ///< shards of an earlier month or a model.json, whose columns and types the
                                      ///< file must have; empty: any
  Conventions conventions;            ///< how numbers and dates are written
  std::vector<std::string> exclude;   ///< names of columns that are left out of the shards
  BadRows bad_rows = BadRows::error;  ///< error: the first one ends the job; skip: counted, listed, left out
  double max_bad_share = 0.01;        ///< of all rows, 0 to 1: where more would be skipped, the job fails
  std::string bad_rows_file;          ///< name of the list inside output_directory; empty: `<stem>-bad-rows.txt`
  int deflate_level = 0;              ///< compression of the shards; 0 (none) to 9
  bool overwrite = false;             ///< replace an older set of shards of the same stem
};

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

/// Throws core::Error(usage) with the flag, its value and the allowed range.
void validate(const ConvertOptions& options);

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
