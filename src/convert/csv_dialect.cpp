#include "convert/csv_dialect.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "cardseg/convert/csv_types.hpp"
#include "cardseg/core/error.hpp"
#include "convert/csv_record_reader.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::size_t longest_name_bytes = 255;
constexpr int sampled_rows = 100;

Error header_error(const CsvFile& file, std::string reason, std::string remedy) {
  Error error(ExitCode::bad_data, std::move(reason));
  error.in_file(file.path().string()).remedy(std::move(remedy));
  return error;
}

// The byte behind a byte order mark.
std::int64_t first_byte(const CsvFile& file) {
  char begin[3] = {};
  const std::string_view mark(begin, file.read_at(0, begin));
  if (mark.starts_with("\xFF\xFE") || mark.starts_with("\xFE\xFF"))
    throw header_error(file, "is UTF-16 text", "Convert it to UTF-8: iconv -f UTF-16 -t UTF-8");
  return mark == "\xEF\xBB\xBF" ? 3 : 0;
}

// How well a delimiter divides the beginning of the file.
struct Fit {
  char delimiter = ',';
  int rows_like_header = 0;
  std::size_t fields = 0;
};

// Nothing where the header has one field only, or cannot be read this way.
std::optional<Fit> fit_of(const CsvFile& file, char delimiter, std::int64_t begin) try {
  CsvRecordReader reader(file, delimiter, {begin, 1}, file.size(), std::size_t{1} << 16);
  const CsvRecord* record = reader.next();
  if (!record || record->problem != CsvProblem::none || record->fields.size() < 2) return std::nullopt;
  Fit fit{delimiter, 0, record->fields.size()};
  for (int i = 0; i < sampled_rows && (record = reader.next()) != nullptr; ++i)
    if (record->problem == CsvProblem::none && record->fields.size() == fit.fields) ++fit.rows_like_header;
  return fit;
} catch (const Error& error) {
  if (error.code() != ExitCode::bad_data) throw;
  return std::nullopt;  // a row that never ends, read this way
}

char detect_delimiter(const CsvFile& file, std::int64_t begin) {
  Fit best;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const std::optional<Fit> fit = fit_of(file, delimiter, begin);
    if (!fit) continue;
    const bool is_better = fit->rows_like_header > best.rows_like_header ||
                           (fit->rows_like_header == best.rows_like_header && fit->fields > best.fields);
    if (is_better) best = *fit;
  }
  return best.delimiter;
}

// What is wrong with a name; empty where nothing is.
std::string fault_of_name(const std::string& name) {
  if (name.empty()) return "has no name";
  if (name.size() > longest_name_bytes) return "has a name of more than 255 bytes";
  if (name == "." || name.find('/') != std::string::npos) return "has a name with a slash, or the name '.'";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(name.begin(), name.end(), is_control)) return "has a control character in its name";
  return "";
}

void check_names(const CsvFile& file, const std::vector<std::string>& names) {
  std::map<std::string_view, std::size_t> first_with;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const std::string position = std::to_string(c + 1);
    const std::string fault = fault_of_name(names[c]);
    if (!fault.empty())
      throw header_error(file, "column " + position + (" of the header " + fault),
                         "Name every column in the first line");
    const auto [earlier, is_new] = first_with.emplace(names[c], c);
    if (!is_new)
      throw header_error(
          file,
          "columns " + std::to_string(earlier->second + 1) + " and " + position + " of the header have the same name",
          "Give them different names, or write the header line if the file has none");
  }
}

}  // namespace

CsvDialect read_dialect(const CsvFile& file, char delimiter) {
  const std::int64_t begin = first_byte(file);
  CsvDialect dialect{delimiter != 0 ? delimiter : detect_delimiter(file, begin), {}, {}};
  CsvRecordReader reader(file, dialect.delimiter, {begin, 1}, file.size());
  const CsvRecord* header = reader.next();
  if (!header) throw header_error(file, "is empty", "The first line must name the columns");
  if (header->problem != CsvProblem::none)
    throw header_error(
        file, "the header at line " + std::to_string(header->first_line) + " holds " + describe(header->problem),
        "The file must be UTF-8 text with LF or CRLF line ends");
  if (header->fields.size() > csv_max_columns)
    throw header_error(file, "has more than " + std::to_string(csv_max_columns) + " columns", "Divide it");
  for (const CsvField& field : header->fields) dialect.column_names.emplace_back(without_blanks(field.value()));
  check_names(file, dialect.column_names);
  dialect.data = reader.position();
  return dialect;
}

}  // namespace cardseg::convert
