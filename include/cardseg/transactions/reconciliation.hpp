// Where every row that was read has gone, and the money in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::transactions {

/// Rows and the exact sum of their amounts, in the smallest unit of money.
struct Tally {
  std::int64_t rows = 0;
  core::int128 amount = 0;

  void add(std::int64_t amount_of_row) {
    ++rows;
    amount += amount_of_row;
  }
  Tally& operator+=(const Tally& other);
  bool operator==(const Tally&) const = default;
};

/// Rows that were read are counted where they are read, `used` where customers' features are written.
struct Reconciliation {
  Tally read;  ///< of amounts that can be read
  Tally used;
  Tally before_window;
  Tally after_as_of;
  Tally unknown;                                         ///< of customers that are not among those that were named
  Tally duplicates;                                      ///< whose customer has a transaction of the same id
  Tally rejected;                                        ///< rows that do not parse; amounts as far as they do
  std::vector<convert::ReasonCount> rejected_reasons{};  ///< those that occurred
};

/// Collective over comm: local tallies become those of all ranks.
void add_up(const comm::Communicator& comm, std::span<Tally* const> tallies);

/// Collective over comm: local numbers become those of all ranks.
void add_up(const comm::Communicator& comm, Reconciliation& numbers);

/// Pure. Throws core::Error(internal) where rows or amounts that came in are not those that were used or left out.
void check(const Reconciliation& numbers);

}  // namespace cardseg::transactions
