// What goes differently in a generated month: columns that drift or fail, customers who become others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/core/philox.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::generate {

/// As the option `shift` writes it: KIND:WHAT:...
struct Shift {
  enum class Kind {
    drift,  ///< drift:COLUMN:FACTOR, values change by a factor
    unit,   ///< unit:COLUMN:FACTOR, the same by a change of unit: every digit stays
    feed,   ///< feed:COLUMN, nobody has a value
    level,  ///< level:COLUMN:NAME:SHARE, so many customers have this level
    grow,   ///< grow:SEGMENT:FACTOR, a segment grows by customers from all others
    move,   ///< move:FROM:TO:SHARE, so many customers of a segment move to another
  };
  Kind kind = Kind::drift;
  std::string text;
  std::string column = {};
  std::string level = {};
  int from = 0;  ///< segments, from 1; 0: all others
  int to = 0;
  double value = 0.0;  ///< factor or share

  bool is_of_column() const { return kind != Kind::grow && kind != Kind::move; }
};

/// Pure. Throws core::Error(usage) that quotes the first that cannot be, and says why.
std::vector<Shift> make_shifts(const GeneratorOptions& options);

/// The segment, from 1, of a customer of `segment` after all moves. `shares`: of the segments before. Of several moves
/// each finds the customer where the one before left it.
int moved_segment(const std::vector<Shift>& shifts, const std::vector<double>& shares, const core::RowRandom& random,
                  std::int64_t row, int segment);

/// Changes the values of columns of customers in `block`: those at [at, at + rows), the first global row `first_row`.
void shift_values(const std::vector<Shift>& shifts, const std::vector<io::ColumnSpec>& columns,
                  const core::RowRandom& random, std::int64_t first_row, std::int64_t rows, std::size_t at,
                  io::Block& block);

/// CSV with a header, one line a shift: kind, column, level, from, to, value.
std::string shifts_csv(const std::vector<Shift>& shifts);

}  // namespace cardseg::generate
