// One reading of the rows that begin in a range of a CSV file: how many are good, where they begin, what types they
// suggest, and which are bad.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/convert/csv_converter.hpp"
#include "convert/csv_bad_rows.hpp"
#include "convert/csv_dialect.hpp"
#include "convert/csv_row_index.hpp"
#include "convert/csv_rows.hpp"

namespace cardseg::convert {

struct RowSurvey {
  std::vector<ColumnEvidence> evidence;  ///< of the good rows
  std::vector<DecimalSum> sums;          ///< of the good rows
  CsvRowIndex index;                     ///< of the good rows
  std::vector<bool> gap_words_found;     ///< of those that were given, by index; may end early
  BadRowList bad;
  std::int64_t blank_lines = 0;
};

struct SurveyRequest {
  const CsvFile& file;
  const CsvDialect& dialect;
  const std::vector<CsvColumn>& columns;
  const ValueReader& reader;
  BadRows bad_rows;
  std::size_t id_column;                                 ///< whose values name the rows in the list of bad ones
  std::function<void(std::int64_t offset)> on_progress;  ///< called now and then with the byte that is read
};

/// Local. `first`: the first record of the range, nothing where none begins there; `end`: the range's end. Throws
/// bad_data at the first bad row where they are errors.
RowSurvey survey_rows(const SurveyRequest& request, const std::optional<RecordStart>& first, std::int64_t end);

}  // namespace cardseg::convert
