// Customers that are known beside their transactions.
#pragma once

#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/transactions/reconciliation.hpp"
#include "transactions/ledger.hpp"

namespace cardseg::transactions {

/// The rank that owns a customer's transactions.
int owner_of(std::string_view customer, int ranks);

/// Collective over comm. Makes the customers of the shards `inputs` (files or directories) known to the ledgers of
/// their owners. The id is `id_column` or, where the shards have no such column, the surest usual name. Throws
/// comm::AgreedError.
void add_known_customers(const comm::Communicator& comm, const std::vector<std::string>& inputs,
                         const std::string& id_column, Ledger& ledger);

/// Collective over comm. A CSV table of the customers that have transactions and are not known, by id, at most 100,000:
/// id, transactions, amount. On rank 0; empty elsewhere, and where all are known.
std::string unmatched_table(const comm::Communicator& comm, const Ledger& ledger, int minor_units);

}  // namespace cardseg::transactions
