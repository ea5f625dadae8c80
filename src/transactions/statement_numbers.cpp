#include "cardseg/transactions/statement_numbers.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

#include "cardseg/core/error.hpp"

namespace cardseg::transactions {

void add_up(const comm::Communicator& comm, StatementNumbers& numbers) {
  const std::array<Tally*, 6> tallies = {&numbers.read,    &numbers.used,       &numbers.outside,
                                         &numbers.unknown, &numbers.duplicates, &numbers.rejected};
  add_up(comm, std::span(tallies));
  numbers.conflicts = comm.sum(numbers.conflicts);
  numbers.with_gaps = comm.sum(numbers.with_gaps);
}

void check(const StatementNumbers& numbers) {
  Tally out = numbers.used;
  for (const Tally& tally : {numbers.outside, numbers.unknown, numbers.duplicates, numbers.rejected}) out += tally;
  if (out == numbers.read) return;
  throw core::Error(core::ExitCode::internal,
                    fmt::format("{} statements came in, and {} went out", numbers.read.rows, out.rows));
}

}  // namespace cardseg::transactions
