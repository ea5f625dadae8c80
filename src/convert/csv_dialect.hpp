// The delimiter and the header line of a CSV file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "convert/csv_file.hpp"
#include "convert/csv_quotes.hpp"

namespace cardseg::convert {

/// What the user said of the first lines.
struct HeaderOptions {
  char delimiter = 0;      ///< 0: found
  std::int64_t line = 0;   ///< of the header, from 1; 0: the first line that is not empty
  bool is_present = true;  ///< false: rows begin at once, and `names` are the columns'
  std::vector<std::string> names{};
};

struct CsvDialect {
  char delimiter = ',';
  std::vector<std::string> column_names;  ///< without blanks around them; unique, none empty
  RecordStart data;                       ///< where the first row begins; the end of the file where there is none
  std::vector<std::string> warnings;      ///< of names that were given or changed
};

/// Local. Reads the header; a UTF-8 byte order mark and a line `sep=;`, which names the delimiter, are passed over. A
/// delimiter that is not given is the one of comma, semicolon, tab and bar that divides the header and the first
/// hundred rows alike into the most fields. A column without a name is called column_N, and slashes in names become
/// `_`.
///
/// Throws core::Error(bad_data): no header; not UTF-8; made of numbers; fewer columns than all lines behind it; a name
/// that is repeated, not text, longer than 255 bytes, or holds a control character. The message counts columns and
/// never quotes a name: a file without a header has a customer's values there.
CsvDialect read_dialect(const CsvFile& file, const HeaderOptions& options);

}  // namespace cardseg::convert
