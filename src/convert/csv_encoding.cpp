#include "convert/csv_encoding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "cardseg/core/field.hpp"
#include "convert/byte_source.hpp"
#include "convert/csv_dialect.hpp"
#include "convert/csv_flags.hpp"
#include "convert/csv_hints.hpp"
#include "convert/csv_rows.hpp"

namespace cardseg::convert {
namespace {

constexpr std::size_t sample_bytes = std::size_t{256} << 10;

std::string sample_of(const CsvFile& file, std::int64_t offset, std::size_t bytes) {
  std::string sample(bytes, '\0');
  sample.resize(file.read_at(offset, sample));
  return sample;
}

// What was found beside the encoding, in words, and the options that read it.
struct Findings {
  std::string words;
  std::string options;

  void add(const std::string& word, const std::string& option = "") {
    words += (words.empty() ? "" : ", ") + word;
    if (!option.empty()) options += " " + option;
  }
};

std::vector<ColumnEvidence> evidence_in(const CsvFile& file, const CsvDialect& dialect) {
  std::vector<CsvColumn> columns;
  for (const std::string& name : dialect.column_names)
    columns.push_back({name, ValueRule::undecided, GapWords({}, name)});
  const ValueReader reader({});
  RowExaminer examiner(columns, reader);
  CsvRecordReader records(file, dialect.delimiter, dialect.data, file.size());
  while (const CsvRecord* record = records.next()) static_cast<void>(examiner.examine(*record));
  return examiner.evidence();
}

void add_numbers(const std::vector<ColumnEvidence>& evidence, Findings& findings) {
  std::uint64_t marks = 0;
  for (const ColumnEvidence& column : evidence)
    if (column.values() > 0 && column.numbers() + column.count(ValueClass::looks_like_number) == column.values())
      marks |= column.marks;
  const bool is_plain = (marks & ~(mark::point_decimal | mark::point_either)) == 0;
  if (!is_plain) findings.add(forms_in(marks), options_for_numbers(marks, {}));
}

void add_dates(const std::vector<ColumnEvidence>& evidence, Findings& findings) {
  std::uint64_t marks = 0;
  for (const ColumnEvidence& column : evidence)
    if (column.values() > 0 && column.count(ValueClass::looks_like_date) == column.values()) marks |= column.marks;
  if (marks == 0) return;
  const std::string option = is_open_order(marks) ? core::field("dates") + " dmy (or mdy)" : option_for_dates(marks);
  findings.add(option.ends_with("mdy") ? "dates like 01/31/2019" : "dates like 31.01.2019", option);
}

void add_flags(const std::vector<ColumnEvidence>& evidence, Findings& findings) {
  for (const ColumnEvidence& column : evidence) {
    if (column.values() == 0 || column.count(ValueClass::boolean) != column.values()) continue;
    if (const std::string words = flag_words_in(column.marks); !words.empty()) return findings.add(words + " flags");
  }
}

Findings findings_in(std::string text) {
  const std::size_t last_line = text.rfind('\n');
  if (last_line != text.npos && text.size() >= sample_bytes) text.resize(last_line + 1);
  Findings findings;
  try {
    const CsvFile file = CsvFile::of_text(std::move(text));
    const CsvDialect dialect = read_dialect(file, {});
    if (dialect.delimiter != ',')
      findings.add(dialect.delimiter == '\t' ? "tabs between columns"
                                             : std::string("'") + dialect.delimiter + "' between columns");
    const std::vector<ColumnEvidence> evidence = evidence_in(file, dialect);
    add_numbers(evidence, findings);
    add_dates(evidence, findings);
    add_flags(evidence, findings);
  } catch (const core::Error&) {
    // The encoding is the first thing to mend; what else is wrong will be said then.
  }
  return findings;
}

}  // namespace

std::string likely_encoding(std::string_view bytes) {
  std::array<std::size_t, 2> zeros{};  // at even and odd places
  bool has_c1 = false;                 // letters and quotes of cp1252, control characters of latin1
  bool has_undefined = false;          // in cp1252
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == 0) ++zeros[i % 2];
    has_c1 = has_c1 || (byte >= 0x80 && byte <= 0x9F);
    has_undefined = has_undefined || byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
  }
  if (zeros[0] + zeros[1] > bytes.size() / 4) return zeros[1] >= zeros[0] ? "utf-16le" : "utf-16be";
  return has_c1 && !has_undefined ? "cp1252" : "latin1";
}

core::Error encoding_error(const CsvFile& file, std::int64_t offset, std::int64_t line) {
  const std::string beginning = sample_of(file, 0, sample_bytes);
  const std::string encoding = likely_encoding(beginning + sample_of(file, offset, 4096 + 4096 * (offset % 2)));
  const Findings findings = findings_in(recoded_text(beginning, iconv_name(encoding)));
  const CsvFile::Place place = file.place_of(line);
  core::Error error(core::ExitCode::bad_data, "is not UTF-8 text, first in line " + std::to_string(place.line) +
                                                  "; it looks like " + encoding +
                                                  (findings.words.empty() ? "" : " with " + findings.words));
  error.in_file(place.file).remedy("Read it with " + core::field("encoding") + " " + encoding + findings.options);
  return error;
}

}  // namespace cardseg::convert
