// The customers of this rank with all of their transactions and statements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/transactions/reconciliation.hpp"
#include "transactions/statement.hpp"
#include "transactions/transaction.hpp"

namespace cardseg::transactions {

/// Local. 40 bytes a transaction, 64 a statement, and about 80 bytes and its id a customer.
class Ledger {
 public:
  /// `transaction.customer` is set.
  void add(std::string_view customer, Transaction transaction);
  /// `statement.customer` is set.
  void add(std::string_view customer, Statement statement);
  /// A customer that is known, whether there are transactions or not.
  void add_known(std::string_view customer);
  /// Behind the last `add`: puts every customer's transactions in their order. Of those of one customer that have one
  /// id, all but the first go.
  void sort();

  /// Behind the last statement: puts every customer's in their order, and leaves one a month, the first.
  void sort_statements();

  std::size_t customers() const { return ids_.size(); }
  std::size_t transactions() const { return transactions_.size(); }
  /// Of customer 0 to customers() - 1.
  const std::string& id(std::size_t customer) const { return ids_[customer]; }
  bool is_known(std::size_t customer) const { return is_known_[customer]; }
  /// What `sort` left out.
  const Tally& duplicates() const { return duplicates_; }
  /// Of these, transactions whose day or amount is another than that of the one that stayed.
  std::int64_t conflicts() const { return conflicts_; }
  /// Precondition: sorted. Customers who came later have none.
  std::span<const Transaction> of(std::size_t customer) const {
    if (customer + 1 >= begins_.size()) return {};
    return std::span(transactions_).subspan(begins_[customer], begins_[customer + 1] - begins_[customer]);
  }

  /// Precondition: sorted.
  std::span<const Statement> statements_of(std::size_t customer) const {
    if (statement_begins_.empty()) return {};
    return std::span(statements_)
        .subspan(statement_begins_[customer], statement_begins_[customer + 1] - statement_begins_[customer]);
  }
  const Tally& doubled_statements() const { return doubled_statements_; }
  std::int64_t conflicting_statements() const { return conflicting_statements_; }

 private:
  std::uint32_t number_of(std::string_view customer);
  void remove_duplicates();

  // A customer's number by the hash of the id, in a table of open addresses: a look-up touches a line of it and the id.
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = no_number;
  };
  static constexpr std::uint32_t no_number = 0xFFFFFFFF;
  void grow();

  std::vector<std::string> ids_;
  std::vector<Slot> slots_;  // a power of two, at most half of them full
  std::vector<bool> is_known_;
  std::vector<Transaction> transactions_;
  std::vector<std::size_t> begins_;  // of each customer, and the end
  Tally duplicates_;
  std::int64_t conflicts_ = 0;
  std::vector<Statement> statements_;
  std::vector<std::size_t> statement_begins_;  // as begins_
  Tally doubled_statements_;
  std::int64_t conflicting_statements_ = 0;
};

}  // namespace cardseg::transactions
