// Rows go from the ranks that read them to the ranks that own their customers, in rounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/events.hpp"
#include "transactions/known_customers.hpp"
#include "transactions/ledger.hpp"
#include "transactions/row_source.hpp"

namespace cardseg::transactions {

inline constexpr std::int64_t rows_a_round = 65536;

/// Collective over comm. Adds every record of `local` to the ledger of hash(customer) % ranks. A record travels as its
/// bytes with the customer's id behind it, at most 65,536 of a rank in a round. `local` has next(), customer() and
/// record(); it reads `rows`, whose progress is told as `what`. Throws comm::AgreedError: what next() throws.
template <class Record, class Local>
void exchange_rows(const comm::Communicator& comm, const RowSource& rows, Local& local, const char* what,
                   Ledger& ledger, core::Events& events) {
  const auto add = [&](int, std::span<const std::byte> bytes) {
    Record record;
    std::memcpy(&record, bytes.data(), sizeof record);
    const auto id = bytes.subspan(sizeof record);
    ledger.add({reinterpret_cast<const char*>(id.data()), id.size()}, record);
  };
  for (bool is_any_left = true; is_any_left;) {
    bool is_left = true;
    const comm::Outbox outbox = comm::agree(comm, [&] {
      comm::Outbox made(comm.size());
      std::vector<std::byte> bytes;
      for (std::int64_t row = 0; row < rows_a_round && (is_left = local.next()); ++row) {
        const Record& record = local.record();
        const std::string_view customer = local.customer();
        const auto fixed = std::as_bytes(std::span(&record, 1));
        const auto id = std::as_bytes(std::span(customer));
        bytes.assign(fixed.begin(), fixed.end());
        bytes.insert(bytes.end(), id.begin(), id.end());
        made.add(owner_of(customer, comm.size()), bytes);
      }
      return made;
    });
    comm::exchange(comm, outbox, add);
    events.progress(what, rows.done(), rows.total());
    is_any_left = comm.max(std::int64_t{is_left}) != 0;
  }
}

/// Collective over comm. Rows that are no rows of fields were rejected before their money was looked at: the root
/// counts them. `numbers`: local, with `read` and `rejected`.
template <class Numbers>
void count_unread(const comm::Communicator& comm, const convert::CsvReading& reading, Numbers& numbers) {
  const std::int64_t looked_at = comm.sum(numbers.read.rows);
  if (comm.is_root()) {
    numbers.read.rows += reading.rows - looked_at;
    numbers.rejected.rows += reading.rows - looked_at;
  }
  numbers.rejected_reasons = reading.bad_row_reasons;
}

}  // namespace cardseg::transactions
