// A transaction as ranks keep it.
#pragma once

#include <compare>
#include <cstdint>

#include "cardseg/transactions/period.hpp"

namespace cardseg::transactions {

struct Transaction {
  std::uint32_t customer = 0;  ///< number in the ledger
  Day day = 0;
  std::int64_t amount = 0;     ///< in the smallest unit of money; below 0: a refund
  std::int32_t second = -1;    ///< of the day; -1: not known
  std::uint16_t group = 0;     ///< of its merchant's category, from 1; 0: none
  std::uint16_t channel = 0;   ///< group of its channel, from 1; 0: none
  std::uint64_t category = 0;  ///< hash of its merchant's category; 0: not known
  std::uint64_t id = 0;        ///< hash of the transaction's own id; 0: not known

  /// By customer, then by day: a customer's transactions have one order, whatever order they came in.
  auto operator<=>(const Transaction&) const = default;

  bool is_purchase() const { return amount >= 0; }
};

}  // namespace cardseg::transactions
