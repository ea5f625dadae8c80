#include "transactions/ledger.hpp"

#include <algorithm>
#include <numeric>

#include "cardseg/core/error.hpp"
#include "cardseg/core/mix_bits.hpp"

namespace cardseg::transactions {
namespace {

constexpr std::size_t least_slots = 1024;

}  // namespace

void Ledger::grow() {
  std::vector<Slot> old(std::max(least_slots, 2 * slots_.size()));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == no_number) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != no_number) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::uint32_t Ledger::number_of(std::string_view customer) {
  if (2 * ids_.size() >= slots_.size()) grow();
  // The rank was chosen by the hash modulo the ranks: other bits choose the place.
  const std::uint64_t hash = core::mix_bits(core::mix_text(customer));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].number != no_number; at = (at + 1) & mask)
    if (slots_[at].hash == hash && ids_[slots_[at].number] == customer) return slots_[at].number;
  if (ids_.size() == no_number)
    throw core::Error(core::ExitCode::bad_data, "a rank has more customers than it can number")
        .remedy("Use more ranks");
  slots_[at] = {hash, static_cast<std::uint32_t>(ids_.size())};
  ids_.emplace_back(customer);
  is_known_.push_back(false);
  return slots_[at].number;
}

void Ledger::add_known(std::string_view customer) { is_known_[number_of(customer)] = true; }

// Keeps the first of a customer's transactions with one id, in their order.
void Ledger::remove_duplicates() {
  struct Place {
    std::uint64_t id;
    std::size_t at;
  };
  std::vector<Place> places;
  std::vector<bool> is_out(transactions_.size());
  for (std::size_t begin = 0, end = 0; begin < transactions_.size(); begin = end) {
    places.clear();
    for (; end < transactions_.size() && transactions_[end].customer == transactions_[begin].customer; ++end)
      if (transactions_[end].id != 0) places.push_back({transactions_[end].id, end});
    std::ranges::stable_sort(places, {}, &Place::id);
    for (std::size_t p = 1, first = 0; p < places.size(); ++p) {
      if (places[p].id != places[first].id) {
        first = p;
        continue;
      }
      const Transaction& kept = transactions_[places[first].at];
      const Transaction& again = transactions_[places[p].at];
      is_out[places[p].at] = true;
      duplicates_.add(again.amount);
      if (again.day != kept.day || again.amount != kept.amount) ++conflicts_;
    }
  }
  if (duplicates_.rows == 0) return;
  std::size_t kept = 0;
  for (std::size_t t = 0; t < transactions_.size(); ++t)
    if (!is_out[t]) transactions_[kept++] = transactions_[t];
  transactions_.resize(kept);
}

void Ledger::add(std::string_view customer, Transaction transaction) {
  transaction.customer = number_of(customer);
  transactions_.push_back(transaction);
}

void Ledger::sort() {
  std::ranges::sort(transactions_);
  if (std::ranges::any_of(transactions_, [](const Transaction& each) { return each.id != 0; })) remove_duplicates();
  begins_.assign(ids_.size() + 1, 0);
  for (const Transaction& each : transactions_) ++begins_[each.customer + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
}

void Ledger::add(std::string_view customer, Statement statement) {
  statement.customer = number_of(customer);
  statements_.push_back(statement);
}

void Ledger::sort_statements() {
  std::ranges::sort(statements_);
  std::size_t kept = 0;
  for (const Statement& each : statements_) {
    const Statement* before = kept > 0 ? &statements_[kept - 1] : nullptr;
    if (before && before->customer == each.customer && before->month == each.month) {
      doubled_statements_.add(each.balance);
      if (*before != each) ++conflicting_statements_;
    } else {
      statements_[kept++] = each;
    }
  }
  statements_.resize(kept);
  statement_begins_.assign(ids_.size() + 1, 0);
  for (const Statement& each : statements_) ++statement_begins_[each.customer + 1];
  std::partial_sum(statement_begins_.begin(), statement_begins_.end(), statement_begins_.begin());
}

}  // namespace cardseg::transactions
