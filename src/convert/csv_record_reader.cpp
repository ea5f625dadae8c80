#include "convert/csv_record_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "cardseg/core/error.hpp"
#include "convert/csv_utf8.hpp"

namespace cardseg::convert {

std::string CsvField::value() const {
  if (escapes == 0) return {data, size};
  std::string text;
  text.reserve(length());
  for (std::size_t i = 0; i < size; ++i) {
    text += data[i];
    if (data[i] == '"') ++i;
  }
  return text;
}

namespace {

constexpr std::uint64_t each_byte = 0x0101010101010101;
constexpr std::size_t margin = sizeof each_byte;  // the sentinel, and what is read with it at once

}  // namespace

CsvRecordReader::CsvRecordReader(const CsvFile& file, char delimiter, const RecordStart& start, std::int64_t end,
                                 TextCheck text_check, std::size_t buffer_bytes)
    : file_(file),
      delimiter_(delimiter),
      text_check_(text_check),
      specials_{each_byte * static_cast<unsigned char>(delimiter), each_byte * '\n', each_byte * '\r', each_byte * '"'},
      position_(start),
      end_(end),
      buffer_(std::max<std::size_t>(buffer_bytes, 2) + margin, '\n'),
      at_(buffer_.data()),
      limit_(buffer_.data()),
      fields_(csv_max_columns + 1) {}

const CsvRecord* CsvRecordReader::next() {
  while (has_record_left()) {
    if (skip_blank_line()) continue;
    while (!tokenize()) read_more();
    return &record_;
  }
  return nullptr;
}

bool CsvRecordReader::has_record_left() {
  if (position_.offset >= end_) return false;
  while (limit_ - at_ < 2 && !is_at_file_end_) read_more();
  return at_ < limit_;
}

bool CsvRecordReader::skip_blank_line() {
  const int bytes = *at_ == '\n' ? 1 : limit_ - at_ >= 2 && at_[0] == '\r' && at_[1] == '\n' ? 2 : 0;
  if (bytes == 0) return false;
  at_ += bytes;
  position_.offset += bytes;
  ++position_.line;
  ++blank_lines_;
  return true;
}

// Moves the bytes from at_ on to the front of the buffer, which grows where they fill it, and reads behind them.
void CsvRecordReader::read_more() {
  const auto kept = static_cast<std::size_t>(limit_ - at_);
  check_length(kept);
  std::memmove(buffer_.data(), at_, kept);
  if (kept + margin >= buffer_.size()) buffer_.resize(2 * buffer_.size());
  const std::span<char> room(buffer_.data() + kept, buffer_.size() - margin - kept);
  const std::size_t got = file_.read_at(position_.offset + static_cast<std::int64_t>(kept), room);
  is_at_file_end_ = got < room.size();
  at_ = buffer_.data();
  limit_ = at_ + kept + got;
  buffer_[kept + got] = '\n';
}

// The first delimiter, line end or quote from `at` on; the sentinel is one. Eight bytes at once: a byte of x that is
// zero gives the lowest high bit of (x - 0x01..) & ~x & 0x80.. (A. Mycroft's test for a zero byte).
inline const char* CsvRecordReader::find_special(const char* at) const {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
  for (;; at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    std::uint64_t found = 0;
    for (const std::uint64_t special : specials_) {
      const std::uint64_t x = bytes ^ special;
      found |= (x - each_byte) & ~x;
    }
    found &= each_byte << 7;
    if (found != 0) return at + std::countr_zero(found) / 8;
  }
}

// False where the bytes in the buffer do not reach the end of the record.
bool CsvRecordReader::tokenize() {
  field_count_ = 0;
  record_.problem = CsvProblem::none;
  line_feeds_ = 0;
  const char* end = scan_field(at_);
  while (end && *end == delimiter_) end = scan_field(end + 1);
  if (end) finish_record(end);
  return end != nullptr;
}

// The scanning functions return the delimiter or line end behind the field (limit_ at the end of the file), or null
// where more bytes are needed.
const char* CsvRecordReader::scan_field(const char* at) {
  if (*at == '"') return scan_quoted(at);
  const char* end = find_special(at);
  if (end == limit_ || (*end != delimiter_ && *end != '\n')) end = end_of_unquoted(at);  // seldom
  if (end) add_field(at, end, 0);
  return end;
}

const char* CsvRecordReader::end_of_unquoted(const char* at) {
  for (;; ++at) {
    at = find_special(at);
    if (at == limit_) return is_at_file_end_ ? at : nullptr;
    if (*at == delimiter_ || *at == '\n') return at;
    if (*at == '"') {
      note(CsvProblem::quote_in_field);
      continue;
    }
    if (is_cut_off(at)) return nullptr;
    if (at[1] == '\n') return at;  // at the end of the file this is the sentinel: a lone final CR ends the row
    note(CsvProblem::bare_carriage_return);
  }
}

const char* CsvRecordReader::scan_quoted(const char* quote) {
  const char* const begin = quote + 1;
  std::uint32_t escapes = 0;
  const char* end = begin;
  for (;; ++escapes, end += 2) {
    end = static_cast<const char*>(std::memchr(end, '"', static_cast<std::size_t>(limit_ - end)));
    if (!end || end + 1 == limit_) {
      if (!is_at_file_end_) return nullptr;
      if (!end) note(CsvProblem::unclosed_quote);
      if (!end) end = limit_;
      break;
    }
    if (end[1] != '"') break;
  }
  add_field(begin, end, escapes);
  line_feeds_ += std::count(begin, end, '\n');
  if (end == limit_) {  // never closed: the file's last line feed begins no line
    if (end > begin && end[-1] == '\n') --line_feeds_;
    return limit_;
  }
  const char* const after = end + 1;
  if (*after == '\r' && is_cut_off(after)) return nullptr;
  const bool is_end = *after == delimiter_ || *after == '\n' || (*after == '\r' && after[1] == '\n');
  if (is_end) return after;
  note(CsvProblem::text_after_quote);
  return end_of_unquoted(after);
}

bool CsvRecordReader::is_cut_off(const char* carriage_return) const {
  return carriage_return + 1 == limit_ && !is_at_file_end_;
}

void CsvRecordReader::note(CsvProblem problem) {
  if (record_.problem == CsvProblem::none) record_.problem = problem;
}

void CsvRecordReader::finish_record(const char* record_end) {
  const std::string_view bytes(at_, static_cast<std::size_t>(record_end - at_));
  check_length(bytes.size());
  if (text_check_ == TextCheck::is_due && record_.problem == CsvProblem::none) note(find_text_problem(bytes));
  record_.offset = position_.offset;
  record_.first_line = position_.line;
  record_.last_line = position_.line + line_feeds_;
  record_.fields = std::span(fields_).first(field_count_);
  const char* const next = std::min(limit_, record_end + (*record_end == '\r' ? 2 : 1));
  position_.offset += next - at_;
  position_.line = record_.last_line + 1;
  at_ = next;
}

void CsvRecordReader::check_length(std::size_t bytes) const {
  if (bytes <= csv_max_record_bytes) return;
  core::Error error(core::ExitCode::bad_data, "the row at line " + std::to_string(file_.place_of(position_.line).line) +
                                                  " is longer than 16 MiB");
  error.in_file(file_.place_of(position_.line).file);
  error.remedy("Look for a quote that is not closed, or for line ends other than LF and CRLF");
  throw error;
}

}  // namespace cardseg::convert
