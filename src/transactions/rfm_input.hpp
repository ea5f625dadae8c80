// Everything that `rfm` reads: transactions, statements, known customers; once for all snapshots.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_staging.hpp"
#include "cardseg/transactions/feature_catalogue.hpp"
#include "cardseg/transactions/rfm_options.hpp"
#include "cardseg/transactions/statement_numbers.hpp"
#include "transactions/transaction_reader.hpp"

namespace cardseg::transactions {

struct RfmInput {
  ReadTransactions transactions;
  std::optional<StatementNumbers> statements;  ///< local
  std::set<Needs> supplies;                    ///< what features can be made of
  std::vector<convert::SourceFile> sources;
  bool has_bad_rows_list = false;
  bool has_unmatched = false;
  std::int64_t conflicts = 0;            ///< of duplicates of transactions, over all ranks
  std::vector<std::string> local_files;  ///< that this rank wrote to the staging
};

/// Collective over comm. What lies within `period`, which holds those of all snapshots. Lists of bad rows and of
/// customers that are not known go to `files`. Warns through `events`. Throws comm::AgreedError.
RfmInput read_input(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                    const io::ShardStaging& files, core::Events& events);

}  // namespace cardseg::transactions
