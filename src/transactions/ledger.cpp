#include "transactions/ledger.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "cardseg/core/error.hpp"

namespace cardseg::transactions {

std::uint32_t Ledger::number_of(std::string_view customer) {
  if (const auto known = numbers_.find(customer); known != numbers_.end()) return known->second;
  if (ids_.size() == std::numeric_limits<std::uint32_t>::max())
    throw core::Error(core::ExitCode::bad_data, "a rank has more customers than it can number")
        .remedy("Use more ranks");
  const auto number = static_cast<std::uint32_t>(ids_.size());
  numbers_.emplace(ids_.emplace_back(customer), number);
  return number;
}

void Ledger::add(std::string_view customer, Transaction transaction) {
  transaction.customer = number_of(customer);
  transactions_.push_back(transaction);
}

void Ledger::sort() {
  std::ranges::sort(transactions_);
  begins_.assign(ids_.size() + 1, 0);
  for (const Transaction& each : transactions_) ++begins_[each.customer + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
}

}  // namespace cardseg::transactions
