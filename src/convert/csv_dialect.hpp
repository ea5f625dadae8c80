// The delimiter and the header line of a CSV file.
#pragma once

#include <string>
#include <vector>

#include "convert/csv_file.hpp"
#include "convert/csv_quotes.hpp"

namespace cardseg::convert {

struct CsvDialect {
  char delimiter = ',';
  std::vector<std::string> column_names;  ///< without blanks around them; unique, none empty
  RecordStart data;                       ///< where the first row begins; the end of the file where there is none
};

/// Local. Reads the first record that is not an empty line; a UTF-8 byte order mark is passed over. `delimiter` 0: the
/// one of comma, semicolon, tab and bar that divides the header and the first hundred rows alike into the most fields.
/// Throws core::Error(bad_data): no header; UTF-16; a name that is empty, repeated, not text, longer than 255 bytes, or
/// holds a slash or control character. The message counts columns and never quotes a name: a file without a header has
/// a customer's values there.
CsvDialect read_dialect(const CsvFile& file, char delimiter);

}  // namespace cardseg::convert
