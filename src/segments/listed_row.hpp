// A row of a list on its way from the rank that has it to the one that writes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/io/csv_table.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::segments {

/// A customer that may be on the list. Lists are in the order of these: by key, then row.
struct Candidate {
  double key = 0.0;
  std::int64_t row = 0;  ///< global
  std::int32_t segment = 0;
  bool is_placed = false;  ///< by policy

  bool operator<(const Candidate& other) const { return key != other.key ? key < other.key : row < other.row; }
};

struct ListedRow {
  Candidate place;
  std::vector<io::CsvValue> values = {};  ///< one a column: text, a whole number or a number, as its type says

  /// Pure. Numbers take 8 bytes, texts 8 for their length and themselves.
  std::vector<std::byte> packed() const;
  /// Pure. Precondition: `record` is what packed() gave of such columns.
  static ListedRow unpacked(std::span<const std::byte> record, const std::vector<io::ColumnSpec>& columns);
};

/// Pure. The values of rows, column by column.
io::Block block_of(const std::vector<ListedRow>& rows, const std::vector<io::ColumnSpec>& columns);

/// Pure. Declares as many bytes for each column of texts as its longest text has, and at least 1.
void set_text_bytes(const io::Block& block, std::vector<io::ColumnSpec>& columns);

}  // namespace cardseg::segments
