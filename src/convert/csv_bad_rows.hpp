// The rows of a CSV file that do not parse: why, where, how many. Never what stands in them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/convert/csv_problem.hpp"
#include "cardseg/core/error.hpp"
#include "convert/csv_file.hpp"

namespace cardseg::convert {

/// What is wrong with a row. `detail`: the column, from 0; for wrong_field_count the number of fields found.
struct RowProblem {
  CsvProblem problem = CsvProblem::none;
  std::int32_t detail = -1;

  explicit operator bool() const { return problem != CsvProblem::none; }
  bool operator==(const RowProblem&) const = default;
};

/// A row that does not parse; lines are physical lines of the file that is read, from 1.
struct BadRow {
  std::int64_t first_line = 0;
  std::int64_t last_line = 0;
  RowProblem what{};
  std::string id{};  ///< of the customer, as far as it can be read; at most 60 bytes

  bool operator==(const BadRow&) const = default;
};

/// Counts bad rows and keeps the first `max_listed` of them. Add them in the order of the file.
class BadRowList {
 public:
  /// 14 MB a rank.
  static constexpr std::size_t max_listed = 100'000;

  void add(const BadRow& row);

  std::int64_t count() const;
  const std::array<std::int64_t, csv_problem_count>& counts() const { return counts_; }
  const std::vector<BadRow>& first_rows() const { return rows_; }

 private:
  std::array<std::int64_t, csv_problem_count> counts_{};
  std::vector<BadRow> rows_;
};

/// `line 17 has 3 fields, the header has 18`; `the row of lines 17 to 20 holds no number in column 4 (BALANCE)`, of the
/// file as the user knows it.
std::string sentence_of(const BadRow& row, const CsvFile& file, const std::vector<std::string>& column_names);
/// `line 17 TAB BALANCE TAB holds no number TAB C10017`.
std::string listed(const BadRow& row, const CsvFile& file, const std::vector<std::string>& column_names);
/// The error that a bad row is where bad rows are not skipped. `is_every_row`: others are bad alike, so that skipping
/// them is no way out.
core::Error bad_row_error(const CsvFile& file, const BadRow& row, const std::vector<std::string>& column_names,
                          bool is_every_row);

}  // namespace cardseg::convert
