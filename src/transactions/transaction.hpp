// A transaction as ranks keep it.
#pragma once

#include <compare>
#include <cstdint>

#include "cardseg/transactions/period.hpp"

namespace cardseg::transactions {

struct Transaction {
  std::uint32_t customer = 0;  ///< number in the ledger
  Day day = 0;
  std::int64_t amount = 0;   ///< in the smallest unit of money; below 0: a refund
  std::int64_t second = -1;  ///< of the day; -1: not known
  std::uint64_t id = 0;      ///< hash of the transaction's own id; 0: not known

  /// By customer, then by day: a customer's transactions have one order, whatever order they came in.
  auto operator<=>(const Transaction&) const = default;

  bool is_purchase() const { return amount >= 0; }
};

}  // namespace cardseg::transactions
