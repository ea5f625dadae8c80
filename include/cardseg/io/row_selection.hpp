// Some of a table's rows: a bit for each row, and how many come before.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"

namespace cardseg::io {

/// Which global rows are selected. The selected ones, counted from 0 in their order, have places. A bit and an eighth a
/// row, on every rank.
class RowSelection {
 public:
  /// Pure. Of `rows` rows; bit r % 64 of word r / 64 says whether row r is selected. Bits beyond the rows are ignored.
  RowSelection(std::int64_t rows, std::vector<std::uint64_t> words);

  std::int64_t all_rows() const { return all_rows_; }
  /// The selected ones.
  std::int64_t rows() const { return counts_.back(); }
  /// Precondition of these: 0 <= row < all_rows(); count_before() takes all_rows(), too.
  bool contains(std::int64_t row) const;
  std::int64_t count_before(std::int64_t row) const;
  /// The row at a place. Precondition: 0 <= place < rows().
  std::int64_t row_at(std::int64_t place) const;
  /// From the first of some places to the last: all rows between. Empty where there are none.
  core::Range around(core::Range places) const;

 private:
  std::int64_t all_rows_;
  std::vector<std::uint64_t> words_;
  std::vector<std::int64_t> counts_;  // selected before each block of words, and in all
};

/// Collective. `local_is_selected`: of each of this rank's rows local_range(rank, rows, size), 1 where it is selected.
std::shared_ptr<const RowSelection> gather_selection(const comm::Communicator& comm, std::int64_t rows,
                                                     std::span<const std::uint8_t> local_is_selected);

}  // namespace cardseg::io
