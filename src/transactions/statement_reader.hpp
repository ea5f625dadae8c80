// Statements are read by all ranks and go to the ranks that own their customers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/transactions/period.hpp"
#include "cardseg/transactions/rfm_options.hpp"
#include "cardseg/transactions/statement_numbers.hpp"
#include "transactions/ledger.hpp"
#include "transactions/statement_columns.hpp"

namespace cardseg::transactions {

struct ReadStatements {
  StatementNumbers numbers;  ///< of all ranks, without `used` and `unknown`
  StatementColumns columns;
  std::vector<convert::SourceFile> sources;
  std::vector<std::string> warnings;
};

/// Collective over comm. Adds statements whose month lies in the period to the ledger of their customer's rank, and
/// sorts them. `copy`, `list`: see CsvRowReader. Throws comm::AgreedError: as `read_transactions` does.
ReadStatements read_statements(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                               const std::filesystem::path& copy, const std::filesystem::path& list, Ledger& ledger,
                               core::Events& events);

}  // namespace cardseg::transactions
