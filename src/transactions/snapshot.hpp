// What of a ledger lies within one period.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "cardseg/transactions/period.hpp"
#include "transactions/ledger.hpp"

namespace cardseg::transactions {

/// Local. The ledger must outlive it, sorted, and hold all that lies within the period.
class Snapshot {
 public:
  Snapshot(const Ledger& ledger, const Period& period) : ledger_(ledger), period_(period) {}

  std::span<const Transaction> transactions_of(std::size_t customer) const {
    const std::span<const Transaction> all = ledger_.of(customer);
    const auto first = std::ranges::lower_bound(all, period_.first, {}, &Transaction::day);
    return {first, std::ranges::upper_bound(first, all.end(), period_.last, {}, &Transaction::day)};
  }
  /// Of months that the period touches.
  std::span<const Statement> statements_of(std::size_t customer) const {
    const std::span<const Statement> all = ledger_.statements_of(customer);
    const auto first = period_.first == no_day
                           ? all.begin()
                           : std::ranges::lower_bound(all, month_of(period_.first), {}, &Statement::month);
    return {first, std::ranges::upper_bound(first, all.end(), month_of(period_.last), {}, &Statement::month)};
  }
  const Period& period() const { return period_; }

 private:
  const Ledger& ledger_;
  Period period_;
};

}  // namespace cardseg::transactions
