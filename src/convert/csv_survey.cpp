#include "convert/csv_survey.hpp"

namespace cardseg::convert {
namespace {

constexpr std::int64_t rows_per_progress = 16384;

}  // namespace

RowSurvey survey_rows(const SurveyRequest& request, const std::optional<RecordStart>& first, std::int64_t end) {
  RowSurvey survey;
  RowExaminer examiner(request.columns, request.reader);
  CsvRecordReader reader(request.file, request.dialect.delimiter, first.value_or(RecordStart{end, 0}), end);
  for (std::int64_t rows = 1; const CsvRecord* record = reader.next(); ++rows) {
    if (const RowProblem problem = examiner.examine(*record)) {
      const BadRow row{record->first_line, record->last_line, problem};
      if (request.bad_rows == BadRows::error)
        throw bad_row_error(request.file.path(), row, request.dialect.column_names);
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
