// From the records of a CSV file to the values of a shard's columns. Examining a row and storing it use one function,
// so that they cannot disagree about which rows are bad.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/convert/csv_types.hpp"
#include "cardseg/io/table.hpp"
#include "convert/csv_bad_rows.hpp"
#include "convert/csv_gap_words.hpp"
#include "convert/csv_record_reader.hpp"
#include "convert/csv_value_reader.hpp"
#include "convert/decimal_sum.hpp"

namespace cardseg::convert {

/// How the values of a column are read.
enum class ValueRule : std::uint8_t {
  undecided,  ///< any value will do; its class is evidence for the type
  left_out,
  boolean,
  int32,
  int64,
  float32,
  float64,
  boolean_as_float64,  ///< true is 1, false is 0
  date,                ///< days since 1970-01-01, as int32
  date_as_float64,
  text,
};

ValueRule rule_of(io::ColumnType type);
ValueRule rule_of(const InferredType& inferred);
/// The type in which a column with this rule is stored; precondition: it is decided and stored.
io::ColumnType type_of(ValueRule rule);

struct CsvColumn {
  std::string name;
  ValueRule rule = ValueRule::undecided;
  GapWords gaps;
  bool may_have_gaps = true;  ///< false where a look at all rows found none
};

/// Tells good rows from bad ones and gathers evidence from the good ones.
class RowExaminer {
 public:
  /// The arguments must outlive it.
  RowExaminer(const std::vector<CsvColumn>& columns, const ValueReader& reader)
      : columns_(columns), reader_(reader), evidence_(columns.size()), sums_(columns.size()), values_(columns.size()) {}

  RowProblem examine(const CsvRecord& record);
  const std::vector<ColumnEvidence>& evidence() const { return evidence_; }
  /// Of the numbers, dates and flags of each column.
  const std::vector<DecimalSum>& sums() const { return sums_; }
  /// Of the gap words that were given, by their index: whether one occurred in a good row.
  const std::vector<bool>& gap_words_found() const { return gap_words_found_; }

 private:
  ScannedValue scan(std::size_t column, const CsvField& field);
  void note_gap_word(std::size_t index);

  const std::vector<CsvColumn>& columns_;
  const ValueReader& reader_;
  std::vector<ColumnEvidence> evidence_;
  std::vector<DecimalSum> sums_;
  std::vector<ScannedValue> values_;  // of the current row
  std::vector<bool> gap_words_found_;
};

/// Gathers rows into a block; precondition: no column is undecided.
class BlockBuilder {
 public:
  /// The arguments must outlive it. `specs`: of the columns that are not left out, in order.
  BlockBuilder(const std::vector<CsvColumn>& columns, const ValueReader& reader,
               const std::vector<io::ColumnSpec>& specs);

  /// Appends the row, or nothing where it is bad.
  RowProblem append(const CsvRecord& record);
  std::int64_t rows() const { return rows_; }
  const io::Block& block() const { return block_; }
  void clear();

 private:
  void cut_to_rows();

  const std::vector<CsvColumn>& columns_;
  const ValueReader& reader_;
  io::Block block_;
  std::int64_t rows_ = 0;
};

}  // namespace cardseg::convert
