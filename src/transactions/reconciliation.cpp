#include "cardseg/transactions/reconciliation.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::transactions {

Tally& Tally::operator+=(const Tally& other) {
  rows += other.rows;
  amount += other.amount;
  return *this;
}

void add_up(const comm::Communicator& comm, std::span<Tally* const> tallies) {
  std::vector<core::int128> sums;
  for (const Tally* tally : tallies) {
    sums.push_back(tally->rows);
    sums.push_back(tally->amount);
  }
  comm.allreduce_sum(std::span(sums));
  for (std::size_t t = 0; t < tallies.size(); ++t)
    *tallies[t] = {static_cast<std::int64_t>(sums[2 * t]), sums[2 * t + 1]};
}

void add_up(const comm::Communicator& comm, Reconciliation& numbers) {
  const std::array<Tally*, 7> tallies = {&numbers.read,        &numbers.used,    &numbers.before_window,
                                         &numbers.after_as_of, &numbers.unknown, &numbers.duplicates,
                                         &numbers.rejected};
  add_up(comm, std::span(tallies));
}

void check(const Reconciliation& numbers) {
  Tally out = numbers.used;
  for (const Tally& tally :
       {numbers.before_window, numbers.after_as_of, numbers.unknown, numbers.duplicates, numbers.rejected})
    out += tally;
  if (out == numbers.read) return;
  throw core::Error(
      core::ExitCode::internal,
      fmt::format("{} rows of {} in the smallest unit of money came in, and {} rows of {} went out", numbers.read.rows,
                  core::decimal_text(numbers.read.amount, 0), out.rows, core::decimal_text(out.amount, 0)));
}

}  // namespace cardseg::transactions
