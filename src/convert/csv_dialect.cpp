#include "convert/csv_dialect.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "cardseg/convert/csv_types.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"
#include "convert/csv_encoding.hpp"
#include "convert/csv_record_reader.hpp"
#include "convert/csv_value_reader.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::size_t longest_name_bytes = 255;
constexpr int sampled_rows = 100;

Error header_error(const CsvFile& file, std::string reason, std::string remedy) {
  Error error(ExitCode::bad_data, std::move(reason));
  error.in_file(file.place_of(1).file).remedy(std::move(remedy));
  return error;
}

std::string beginning_of(const CsvFile& file) {
  std::string bytes(4096, '\0');
  bytes.resize(file.read_at(0, bytes));
  return bytes;
}

// Behind a byte order mark.
RecordStart first_line(const CsvFile& file) {
  char begin[3] = {};
  const std::string_view mark(begin, file.read_at(0, begin));
  return {mark == "\xEF\xBB\xBF" ? 3 : 0, 1};
}

// The delimiter of a first line `sep=;`, and where the next line begins.
struct DelimiterLine {
  char delimiter = 0;
  RecordStart next;
};

std::optional<DelimiterLine> delimiter_line(const CsvFile& file, const RecordStart& start) {
  char begin[7] = {};
  const std::string_view line(begin, file.read_at(start.offset, begin));
  if (!line.starts_with("sep=") && !line.starts_with("SEP=")) return std::nullopt;
  for (const std::string_view end : {"\n", "\r\n"})
    if (line.size() > 5 && line.substr(5).starts_with(end))
      return DelimiterLine{line[4], {start.offset + 5 + std::ssize(end), start.line + 1}};
  return std::nullopt;
}

// Where physical line `wanted` begins.
RecordStart start_of_line(const CsvFile& file, RecordStart start, std::int64_t wanted) {
  std::vector<char> buffer(std::size_t{1} << 16);
  while (start.line < wanted) {
    const std::string_view piece(buffer.data(), file.read_at(start.offset, buffer));
    if (piece.empty())
      throw header_error(file,
                         "has " + std::to_string(start.line) + " lines, and " + core::field("header-line") +
                             " names line " + std::to_string(wanted),
                         "Give the line that names the columns");
    const std::size_t line_feed = std::min(piece.find('\n'), piece.size());
    start.offset += static_cast<std::int64_t>(std::min(line_feed + 1, piece.size()));
    if (line_feed < piece.size()) ++start.line;
  }
  return start;
}

// How well a delimiter divides the beginning of the file.
struct Fit {
  char delimiter = ',';
  int rows_like_header = 0;
  std::size_t fields = 0;
};

// Nothing where the header has one field only, or cannot be read this way.
std::optional<Fit> fit_of(const CsvFile& file, char delimiter, const RecordStart& start) try {
  CsvRecordReader reader(file, delimiter, start, file.size(), CsvRecordReader::TextCheck::is_due, std::size_t{1} << 16);
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

constexpr char usual_delimiters[] = {',', ';', '\t', '|'};

char detect_delimiter(const CsvFile& file, const RecordStart& start) {
  Fit best;
  for (const char delimiter : usual_delimiters) {
    const std::optional<Fit> fit = fit_of(file, delimiter, start);
    if (!fit) continue;
    const bool is_better = fit->rows_like_header > best.rows_like_header ||
                           (fit->rows_like_header == best.rows_like_header && fit->fields > best.fields);
    if (is_better) best = *fit;
  }
  return best.delimiter;
}

// Fields of the first records, and their lines.
struct Shape {
  std::vector<std::size_t> fields;  // 0 for a record that does not parse
  std::vector<std::int64_t> lines;
};

Shape shape_of(const CsvFile& file, char delimiter, const RecordStart& start) {
  Shape shape;
  try {
    CsvRecordReader reader(file, delimiter, start, file.size(), CsvRecordReader::TextCheck::is_due,
                           std::size_t{1} << 16);
    for (const CsvRecord* record = nullptr; shape.fields.size() < 20 && (record = reader.next()) != nullptr;) {
      shape.fields.push_back(record->problem == CsvProblem::none ? record->fields.size() : 0);
      shape.lines.push_back(record->first_line);
    }
  } catch (const Error& error) {
    if (error.code() != ExitCode::bad_data) throw;
  }
  return shape;
}

std::string counted_columns(std::size_t columns) {
  return columns == 1 ? "one column" : std::to_string(columns) + " columns";
}

std::string no_header_options() { return core::field("no-header") + " " + core::field("columns") + " a,b,c"; }

// A title above the header: the first lines have fewer columns than all others, three at least.
void refuse_title(const CsvFile& file, const Shape& shape) {
  const std::size_t columns = shape.fields.empty() ? 0 : shape.fields.back();
  std::size_t header = shape.fields.size();
  while (header > 0 && shape.fields[header - 1] == columns) --header;
  if (columns < 2 || header == 0 || shape.fields.size() - header < 3) return;
  const auto is_title = [&](std::size_t fields) { return fields > 0 && fields < columns; };
  if (!std::all_of(shape.fields.begin(), shape.fields.begin() + static_cast<std::ptrdiff_t>(header), is_title)) return;
  throw header_error(
      file,
      "line " + std::to_string(shape.lines.front()) + " has " + counted_columns(shape.fields.front()) +
          ", the lines from line " + std::to_string(shape.lines[header]) + " on have " + std::to_string(columns),
      "If line " + std::to_string(shape.lines[header]) + " names the columns: " + core::field("header-line") + " " +
          std::to_string(shape.lines[header]) + "; else name every column in the header");
}

void check_is_no_title(const CsvFile& file, char delimiter, const RecordStart& start) {
  const Shape shape = shape_of(file, delimiter, start);
  refuse_title(file, shape);
  if (shape.fields.empty() || shape.fields.front() != 1) return;
  for (const char other : usual_delimiters)
    if (other != delimiter) refuse_title(file, shape_of(file, other, start));
}

void check_is_no_row(const CsvFile& file, const CsvRecord& header) {
  const ValueReader reader({});
  bool has_number = false;
  for (const CsvField& field : header.fields) {
    const std::string_view value = without_blanks(field.raw());
    if (value.empty()) continue;
    const ValueClass value_class = reader.classify(value).value_class;
    if (value_class == ValueClass::text || value_class == ValueClass::boolean) return;
    has_number = true;
  }
  if (has_number)
    throw header_error(file, "the header at line " + std::to_string(header.first_line) + " is made of numbers",
                       "Where no line names the columns: " + no_header_options() +
                           "; where another does: " + core::field("header-line") + " N");
}

// What is wrong with a name; empty where nothing is.
std::string fault_of_name(const std::string& name) {
  if (name.size() > longest_name_bytes) return "has a name of more than 255 bytes";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(name.begin(), name.end(), is_control)) return "has a control character in its name";
  return "";
}

// Gives nameless columns names, and takes slashes out of the others: HDF5 has none in names.
void complete_names(CsvDialect& dialect) {
  auto& names = dialect.column_names;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const std::string position = std::to_string(c + 1);
    if (names[c].empty() || names[c] == ".") {
      std::string name = "column_" + position;
      while (std::count(names.begin(), names.end(), name) > 0) name += "_";
      names[c] = name;
      dialect.warnings.push_back("column " + position + " of the header has no name; it is called " + name);
    } else if (names[c].find('/') != std::string::npos) {
      std::replace(names[c].begin(), names[c].end(), '/', '_');
      dialect.warnings.push_back("column " + position + " of the header is called " + names[c] +
                                 ": a slash cannot stand in a column's name");
    }
  }
}

void check_names(const CsvFile& file, const std::vector<std::string>& names) {
  std::map<std::string_view, std::size_t> first_with;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const std::string position = std::to_string(c + 1);
    const std::string fault = fault_of_name(names[c]);
    if (!fault.empty())
      throw header_error(file, "column " + position + (" of the header " + fault), "Give it another name");
    const auto [earlier, is_new] = first_with.emplace(names[c], c);
    if (!is_new)
      throw header_error(
          file,
          "columns " + std::to_string(earlier->second + 1) + " and " + position + " of the header have the same name",
          "Give them different names, or " + no_header_options() + " if the file has no header");
  }
}

// Where no line names the columns.
void take_given_names(const CsvFile& file, const HeaderOptions& options, CsvDialect& dialect) {
  dialect.column_names = options.names;
  CsvRecordReader reader(file, dialect.delimiter, dialect.data, file.size());
  const CsvRecord* record = reader.next();
  if (record && record->problem == CsvProblem::none && record->fields.size() != options.names.size())
    throw header_error(file,
                       "line " + std::to_string(record->first_line) + " has " + counted_columns(record->fields.size()) +
                           ", and " + core::field("columns") + " names " + std::to_string(options.names.size()),
                       "Name every column, in their order");
}

void read_header(const CsvFile& file, CsvDialect& dialect, bool is_line_given) {
  const RecordStart start = dialect.data;
  CsvRecordReader reader(file, dialect.delimiter, start, file.size());
  const CsvRecord* header = reader.next();
  if (!header) throw header_error(file, "is empty", "The first line must name the columns");
  const bool is_encoded =
      header->problem == CsvProblem::invalid_utf8 ||
      (header->problem == CsvProblem::nul_byte && likely_encoding(beginning_of(file)).starts_with("utf-16"));
  if (is_encoded) throw encoding_error(file, header->offset, header->first_line);
  if (header->problem != CsvProblem::none)
    throw header_error(
        file, "the header at line " + std::to_string(header->first_line) + " holds " + describe(header->problem),
        "The file must be UTF-8 text with LF or CRLF line ends");
  if (header->fields.size() > csv_max_columns)
    throw header_error(file, "has more than " + core::with_commas(io::max_columns) + " columns, which is the limit",
                       io::too_many_columns_remedy);
  for (const CsvField& field : header->fields) dialect.column_names.emplace_back(without_blanks(field.value()));
  check_is_no_row(file, *header);
  if (!is_line_given) check_is_no_title(file, dialect.delimiter, start);
  dialect.data = reader.position();
}

}  // namespace

CsvDialect read_dialect(const CsvFile& file, const HeaderOptions& options) {
  CsvDialect dialect;
  dialect.data = first_line(file);
  const std::optional<DelimiterLine> named = delimiter_line(file, dialect.data);
  if (named && options.line == 0) dialect.data = named->next;
  if (options.line > 0) dialect.data = start_of_line(file, dialect.data, options.line);
  dialect.delimiter = options.delimiter != 0 ? options.delimiter
                      : named                ? named->delimiter
                                             : detect_delimiter(file, dialect.data);
  if (options.is_present)
    read_header(file, dialect, options.line > 0);
  else
    take_given_names(file, options, dialect);
  complete_names(dialect);
  check_names(file, dialect.column_names);
  return dialect;
}

}  // namespace cardseg::convert
