// The CSV tables that cardseg itself writes, and reads again: small, with a header, UTF-8. (Other people's large files
// are convert's.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cardseg::io {

/// A field's value: absent (written as nothing), text, a whole number or a number.
using CsvValue = std::variant<std::monostate, std::string, std::int64_t, double>;

/// Collects a table's lines, by RFC 4180 but for line ends, which are "\n". Texts are quoted where they must be;
/// numbers have as many digits as they need to read back exactly, at most 17; NaN is written as nothing.
class CsvWriter {
 public:
  /// Lines without a header, to go behind others.
  CsvWriter() = default;
  explicit CsvWriter(const std::vector<std::string>& header);

  /// `values`: as many as the header has.
  void add_row(const std::vector<CsvValue>& values);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// A line of a table, or several where a quoted field has line breaks.
struct CsvRecord {
  int line = 0;  ///< of its first line, from 1
  std::vector<std::string> fields;
};

/// Reads a table record by record. Also takes what spreadsheets write: a byte order mark, "\r\n", empty lines (passed
/// over).
class CsvReader {
 public:
  /// `text` must outlive the reader.
  explicit CsvReader(std::string_view text);

  /// The next record; false at the end. The first one is the header.
  bool next(CsvRecord& record);

 private:
  std::string_view rest_;
  int line_ = 1;
};

}  // namespace cardseg::io
