// Where every statement that was read has gone, and the balances in it.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/transactions/reconciliation.hpp"

namespace cardseg::transactions {

/// Rows with the exact sums of their balances.
struct StatementNumbers {
  Tally read;  ///< of balances that can be read
  Tally used;
  Tally outside;                                         ///< of months outside the period
  Tally unknown;                                         ///< of customers that are not among those that were named
  Tally duplicates;                                      ///< whose customer has a statement of the same month
  Tally rejected;                                        ///< rows that do not parse; balances as far as they do
  std::vector<convert::ReasonCount> rejected_reasons{};  ///< those that occurred
  std::int64_t conflicts = 0;                            ///< duplicates that differ from the statement that counts
  std::int64_t with_gaps = 0;  ///< customers who lack a statement between their first and last
};

/// Collective over comm: local numbers become those of all ranks.
void add_up(const comm::Communicator& comm, StatementNumbers& numbers);

/// Pure. Throws core::Error(internal) where what came in is not what was used or left out.
void check(const StatementNumbers& numbers);

}  // namespace cardseg::transactions
