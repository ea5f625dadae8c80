// Reads a CSV file record by record, in a buffer of bounded size, without copying fields.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/convert/csv_problem.hpp"
#include "convert/csv_file.hpp"
#include "convert/csv_quotes.hpp"

namespace cardseg::convert {

/// The bytes of a field between its delimiters or its quotes; `escapes` quotes in it are doubled.
struct CsvField {
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t escapes = 0;

  std::string_view raw() const { return {data, size}; }
  /// Bytes of the value.
  std::size_t length() const { return size - escapes; }
  /// The value, with doubled quotes made single.
  std::string value() const;
};

struct CsvRecord {
  std::int64_t offset = 0;      ///< of its first byte in the file
  std::int64_t first_line = 0;  ///< physical lines, from 1
  std::int64_t last_line = 0;
  std::span<const CsvField> fields;       ///< at most csv_max_columns + 1 of them
  CsvProblem problem = CsvProblem::none;  ///< of quotes, line ends or encoding: then the fields mean nothing
};

/// RFC 4180 with LF or CRLF line ends; a quote opens a field only as its first byte. Lines without any byte are passed
/// over. The records that a malformed one swallows or splits are fixed by the rules of csv_quotes.hpp: a quote inside
/// an unquoted field, and any text after a closing quote, is a problem of its own record and changes nothing behind it.
class CsvRecordReader {
 public:
  /// Whether the bytes of records are looked at for NUL and wrong UTF-8; not again where none was found.
  enum class TextCheck : bool { is_done, is_due };

  /// Reads the records that begin at or after `start` and before byte `end`. `start` must be the first byte of a
  /// record.
  CsvRecordReader(const CsvFile& file, char delimiter, const RecordStart& start, std::int64_t end,
                  TextCheck text_check = TextCheck::is_due, std::size_t buffer_bytes = std::size_t{1} << 20);

  /// The next record, valid until the next call; null at the end. Throws core::Error(bad_data) for a record longer than
  /// csv_max_record_bytes.
  const CsvRecord* next();

  /// Byte and line of what follows the last record.
  const RecordStart& position() const { return position_; }
  /// Lines without any byte so far.
  std::int64_t blank_lines() const { return blank_lines_; }

 private:
  bool has_record_left();
  bool skip_blank_line();
  void read_more();
  bool tokenize();
  const char* scan_field(const char* at);
  const char* scan_quoted(const char* quote);
  const char* end_of_unquoted(const char* at);
  const char* find_special(const char* at) const;
  bool is_cut_off(const char* carriage_return) const;
  void add_field(const char* begin, const char* end, std::uint32_t escapes) {
    if (field_count_ == fields_.size()) return;  // too many already: the row is bad, and memory stays bounded
    fields_[field_count_++] = {begin, static_cast<std::uint32_t>(end - begin), escapes};
  }
  void note(CsvProblem problem);
  void finish_record(const char* record_end);
  void check_length(std::size_t bytes) const;

  const CsvFile& file_;
  char delimiter_;
  TextCheck text_check_;
  std::array<std::uint64_t, 4> specials_;  // delimiter, line end and quote, each in all eight bytes
  RecordStart position_;
  std::int64_t end_;
  std::vector<char> buffer_;  // `margin` bytes more than its capacity: a sentinel line feed stands behind the last byte
  const char* at_ = nullptr;  // of position_
  const char* limit_ = nullptr;
  bool is_at_file_end_ = false;
  std::vector<CsvField> fields_;  // of the current record: the first field_count_
  std::size_t field_count_ = 0;
  std::int64_t line_feeds_ = 0;  // inside quotes of the current record
  std::int64_t blank_lines_ = 0;
  CsvRecord record_;
};

}  // namespace cardseg::convert
