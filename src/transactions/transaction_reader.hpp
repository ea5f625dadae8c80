// Transactions are read by all ranks and go to the ranks that own their customers.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_row_reader.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/transactions/period.hpp"
#include "cardseg/transactions/reconciliation.hpp"
#include "cardseg/transactions/rfm_options.hpp"
#include "transactions/ledger.hpp"
#include "transactions/row_source.hpp"

namespace cardseg::transactions {

/// Days of the rows that parse, whether they count or not; none: first > last.
struct DaysFound {
  Day first = std::numeric_limits<Day>::max();
  Day last = std::numeric_limits<Day>::min();
};

struct ReadTransactions {
  Ledger ledger;           ///< local: of the customers that this rank owns
  Reconciliation numbers;  ///< local, without `used`
  convert::CsvReading reading;
  DaysFound days;
  bool has_times = false;       ///< some time is not midnight
  bool has_categories = false;  ///< there is a column of them
  std::vector<std::string> warnings;
};

/// Collective over comm. Rows go to hash(customer) % ranks in rounds of at most 65,536 rows a rank; those outside the
/// period are counted where they are read. `copy`, `list`: see CsvRowReader. Throws comm::AgreedError: as convert does,
/// and bad_data where amounts are in several currencies.
ReadTransactions read_transactions(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                                   const std::filesystem::path& copy, const std::filesystem::path& list,
                                   core::Events& events);

}  // namespace cardseg::transactions
