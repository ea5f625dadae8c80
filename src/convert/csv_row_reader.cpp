#include "cardseg/convert/csv_row_reader.hpp"

#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/io/utf8.hpp"
#include "convert/csv_bad_row_limit.hpp"
#include "convert/csv_bad_row_listing.hpp"
#include "convert/csv_bad_rows.hpp"
#include "convert/csv_dates.hpp"
#include "convert/csv_encoding.hpp"
#include "convert/csv_gap_words.hpp"
#include "convert/csv_id_column.hpp"
#include "convert/csv_record_reader.hpp"
#include "convert/csv_value_reader.hpp"
#include "convert/divided_csv.hpp"

namespace cardseg::convert {
namespace {

bool is_number(ValueClass value_class) {
  return value_class == ValueClass::integer || value_class == ValueClass::wide_integer ||
         value_class == ValueClass::real || value_class == ValueClass::grouped_real;
}

}  // namespace

struct CsvRowReader::State {
  State(const comm::Communicator& communicator, const ConvertOptions& given, const std::filesystem::path& copy)
      : comm(communicator), options(given), values(given.conventions), csv(comm, options, [&] { return copy; }) {
    csv.begin_digest();
    const std::vector<std::string>& names = csv.dialect().column_names;
    for (const std::string& name : names) gaps.emplace_back(options.missing, name);
    id_column = convert::id_column(names);
    const std::optional<RecordStart> first = csv.first_record();
    records.emplace(csv.file(), csv.dialect().delimiter, first.value_or(RecordStart{csv.bytes().end, 0}),
                    csv.bytes().end);
  }

  std::string id_of_row() const {
    return id_column < record->fields.size() ? io::shown(record->fields[id_column].value()) : std::string();
  }

  void reject(const RowProblem& what, const std::string& remedy) {
    const BadRow row{record->first_line, record->last_line, what, id_of_row()};
    if (options.bad_rows == BadRows::skip) return bad.add(row);
    if (what.problem == CsvProblem::invalid_utf8) throw encoding_error(csv.file(), record->offset, row.first_line);
    core::Error error = bad_row_error(csv.file(), row, csv.dialect().column_names, false);
    throw remedy.empty() ? error : error.remedy(remedy);
  }

  // The value of a field without quotes and blanks around it.
  std::string_view value(std::size_t column) {
    const CsvField& field = record->fields[column];
    if (field.escapes == 0) return without_blanks(field.raw());
    unescaped = field.value();
    return without_blanks(unescaped);
  }

  comm::Communicator comm;
  const ConvertOptions& options;
  ValueReader values;
  DividedCsv csv;
  std::vector<GapWords> gaps;
  std::size_t id_column = 0;
  std::optional<CsvRecordReader> records;
  const CsvRecord* record = nullptr;
  std::string unescaped;
  std::int64_t rows = 0;
  BadRowList bad;
};

CsvRowReader::CsvRowReader(const comm::Communicator& comm, const ConvertOptions& options,
                           const std::filesystem::path& copy)
    : state_(std::make_unique<State>(comm, options, copy)) {}

CsvRowReader::~CsvRowReader() = default;

const std::vector<std::string>& CsvRowReader::column_names() const { return state_->csv.dialect().column_names; }

const std::vector<std::string>& CsvRowReader::warnings() const { return state_->csv.dialect().warnings; }

std::string CsvRowReader::file() const { return state_->csv.file().place_of(1).file; }

void CsvRowReader::name_rows_by(std::size_t column) { state_->id_column = column; }

bool CsvRowReader::next() {
  State& s = *state_;
  while ((s.record = s.records->next()) != nullptr) {
    ++s.rows;
    if (s.record->problem != CsvProblem::none) {
      s.reject({s.record->problem, -1}, {});
    } else if (s.record->fields.size() != column_names().size()) {
      s.reject({CsvProblem::wrong_field_count, static_cast<std::int32_t>(s.record->fields.size())}, {});
    } else {
      return true;
    }
  }
  return false;
}

std::int64_t CsvRowReader::bytes_done() const { return state_->records->position().offset - state_->csv.bytes().begin; }

std::int64_t CsvRowReader::bytes_total() const { return state_->csv.bytes().size(); }

std::string_view CsvRowReader::text(std::size_t column) {
  const std::string_view value = state_->value(column);
  return state_->gaps[column].contains(value) ? std::string_view() : value;
}

std::optional<DecimalNumber> CsvRowReader::decimal(std::size_t column) {
  const std::string_view value = text(column);
  if (value.empty()) return std::nullopt;
  const ScannedValue scanned = state_->values.classify(value);
  if (!scanned.is_short || !is_number(scanned.value_class)) return std::nullopt;
  return DecimalNumber{scanned.mantissa, scanned.scale, scanned.value_class == ValueClass::grouped_real};
}

std::optional<Moment> CsvRowReader::moment(std::size_t column) {
  return moment_in(text(column), state_->options.conventions.dates);
}

void CsvRowReader::reject(CsvProblem problem, std::size_t column, const std::string& remedy) {
  state_->reject({problem, static_cast<std::int32_t>(column)}, remedy);
}

CsvReading CsvRowReader::finish(const std::filesystem::path& list) {
  State& s = *state_;
  CsvReading reading;
  reading.rows = s.comm.sum(s.rows);
  reading.bad_rows = s.comm.sum(s.bad.count());
  reading.blank_lines = s.comm.sum(s.records->blank_lines());
  reading.bad_row_reasons = reasons_of(s.comm, s.bad);
  check_bad_rows(s.comm, s.options, s.csv.file(), column_names(), s.bad, reading.rows);
  if (reading.bad_rows > 0) write_bad_rows(s.comm, s.csv.file(), s.bad, column_names(), list);
  reading.sources = s.csv.sources();
  reading.input_bytes = s.csv.input_bytes();
  comm::agree(s.comm, [&] { s.csv.file().check_unchanged(); });
  return reading;
}

}  // namespace cardseg::convert
