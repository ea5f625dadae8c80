#include "cardseg/io/csv_table.hpp"

#include <algorithm>

#include "cardseg/core/number_text.hpp"

namespace cardseg::io {
namespace {

void append(std::string& text, std::monostate) { static_cast<void>(text); }

void append(std::string& text, const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) {
    text += value;
    return;
  }
  text += '"';
  for (char c : value) text.append(c == '"' ? 2 : 1, c);
  text += '"';
}

void append(std::string& text, std::int64_t value) { text += std::to_string(value); }

void append(std::string& text, double value) { text += core::number_text(value); }

}  // namespace

CsvWriter::CsvWriter(const std::vector<std::string>& header) {
  add_row(std::vector<CsvValue>(header.begin(), header.end()));
}

void CsvWriter::add_row(const std::vector<CsvValue>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text_ += ',';
    std::visit([&](const auto& value) { append(text_, value); }, values[i]);
  }
  text_ += '\n';
}

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

bool CsvReader::next(CsvRecord& record) {
  while (rest_.starts_with('\n') || rest_.starts_with("\r\n")) {
    rest_.remove_prefix(rest_.front() == '\n' ? 1 : 2);
    ++line_;
  }
  if (rest_.empty()) return false;
  record.line = line_;
  record.fields.assign(1, "");
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < rest_.size() && (is_quoted || rest_[at] != '\n'); ++at) {
    const char c = rest_[at];
    line_ += c == '\n' ? 1 : 0;
    if (is_quoted && c == '"' && rest_.substr(at + 1).starts_with('"')) {
      record.fields.back() += rest_[++at];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      record.fields.emplace_back();
    } else if (c != '\r' || is_quoted) {
      record.fields.back() += c;
    }
  }
  rest_.remove_prefix(std::min(at + 1, rest_.size()));
  ++line_;
  return true;
}

}  // namespace cardseg::io
