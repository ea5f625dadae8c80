// A monthly statement as ranks keep it.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace cardseg::transactions {

/// Money in its smallest unit.
struct Statement {
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

  std::uint32_t customer = 0;  ///< number in the ledger
  std::int32_t month = 0;      ///< since January 1970
  std::int64_t balance = 0;    ///< what the customer owes; below 0: a credit
  std::int64_t limit = unknown;
  std::int64_t payment = unknown;  ///< since the statement before
  std::int64_t minimum = unknown;  ///< due until the next statement
  std::int64_t interest = unknown;
  std::int64_t fees = unknown;
  std::int64_t past_due = unknown;  ///< days

  /// By customer, then by month: a customer's statements have one order, whatever order they came in.
  auto operator<=>(const Statement&) const = default;
};

}  // namespace cardseg::transactions
