#include "convert/csv_survey.hpp"

#include <algorithm>

#include "cardseg/io/utf8.hpp"
#include "convert/csv_encoding.hpp"

namespace cardseg::convert {
namespace {

constexpr std::int64_t rows_per_progress = 16384;
constexpr int rows_to_compare = 100;

// True where the first rows of the file are all bad in one way.
bool are_all_bad(const SurveyRequest& request, const RowProblem& problem) {
  RowExaminer examiner(request.columns, request.reader);
  CsvRecordReader reader(request.file, request.dialect.delimiter, request.dialect.data, request.file.size());
  for (int i = 0; i < rows_to_compare; ++i) {
    const CsvRecord* record = reader.next();
    if (!record) break;
    if (examiner.examine(*record) != problem) return false;
  }
  return true;
}

std::string id_of(const CsvRecord& record, std::size_t id_column) {
  const std::size_t column = std::min(id_column, record.fields.size());
  return column < record.fields.size() ? io::shown(record.fields[column].value()) : std::string();
}

[[noreturn]] void refuse(const SurveyRequest& request, const CsvRecord& record, const BadRow& row) {
  if (row.what.problem == CsvProblem::invalid_utf8) throw encoding_error(request.file, record.offset, row.first_line);
  throw bad_row_error(request.file, row, request.dialect.column_names, are_all_bad(request, row.what));
}

}  // namespace

RowSurvey survey_rows(const SurveyRequest& request, const std::optional<RecordStart>& first, std::int64_t end) {
  RowSurvey survey;
  RowExaminer examiner(request.columns, request.reader);
  CsvRecordReader reader(request.file, request.dialect.delimiter, first.value_or(RecordStart{end, 0}), end);
  for (std::int64_t rows = 1; const CsvRecord* record = reader.next(); ++rows) {
    if (const RowProblem problem = examiner.examine(*record)) {
      const BadRow row{record->first_line, record->last_line, problem, id_of(*record, request.id_column)};
      if (request.bad_rows == BadRows::error) refuse(request, *record, row);
      survey.bad.add(row);
    } else {
      survey.index.add(record->offset);
    }
    if (rows % rows_per_progress == 0) request.on_progress(record->offset);
  }
  survey.evidence = examiner.evidence();
  survey.sums = examiner.sums();
  survey.gap_words_found = examiner.gap_words_found();
  survey.blank_lines = reader.blank_lines();
  return survey;
}

}  // namespace cardseg::convert
