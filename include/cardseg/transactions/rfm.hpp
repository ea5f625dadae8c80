// Transactions to features of customers: `cardseg rfm`.
//
//   1. each rank reads its part of the rows, in CSV or HDF5; each goes to the rank that owns its customer (hash of the
//      id), in rounds
//   2. a customer's transactions are put in order; scores' cut points are exact quantiles over all ranks
//   3. customers get their places in the order of ids: numbers by value, texts bytewise
//   4. features are computed and go to the ranks that write the shards, in rounds
// Integers add up money and days; a customer's transactions have one order. So the shards are the same bytes on any
// number of ranks and for any split of the input. Memory: 40 bytes a transaction on the rank that owns its customer,
// 100 bytes and its id three times a customer, and 65,536 rows of a shard.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/table.hpp"
#include "cardseg/transactions/feature_catalogue.hpp"
#include "cardseg/transactions/lifetime_models.hpp"
#include "cardseg/transactions/period.hpp"
#include "cardseg/transactions/reconciliation.hpp"
#include "cardseg/transactions/rfm_options.hpp"
#include "cardseg/transactions/score_cuts.hpp"
#include "cardseg/transactions/statement_numbers.hpp"

namespace cardseg::transactions {

/// Customers of transactions that were not known, beside the shards.
inline constexpr const char* unmatched_name = "unmatched.csv";
/// Rows of statements that were left out.
inline constexpr const char* bad_statements_name = "statements-bad-rows.txt";

/// A column of the shards.
struct RfmColumn {
  io::ColumnSpec spec;
  std::int64_t missing = 0;
  std::string sum;  ///< exact, of counts and money; empty for ratios and texts
};

/// The same on all ranks.
struct RfmReport {
  Reconciliation numbers;
  std::int64_t customers = 0;
  std::int64_t rows_written = 0;  ///< counted where the shards are written
  Period period;
  Day first_day = 0;  ///< of the transactions that were used
  Day last_day = 0;
  std::vector<RfmColumn> columns;
  ScoreCuts cuts;
  std::optional<LifetimeModels> lifetimes;  ///< where a horizon was named
  int horizon_days = 0;
  std::optional<StatementNumbers> statements;  ///< where statements were named
  std::vector<convert::SourceFile> sources;
  std::int64_t input_bytes = 0;
  std::int64_t blank_lines = 0;
  std::vector<std::filesystem::path> shards;  ///< in row order
  std::optional<std::filesystem::path> bad_rows_list;
  bool has_unmatched = false;  ///< unmatched.csv was written
  std::int64_t conflicts = 0;  ///< duplicates that differ from the transaction that counts
};

/// Collective over comm. Writes shards, description.ini, cuts.json and rfm.json; they appear under their names when all
/// are complete. Several days of `as_of` are as many snapshots of one reading, each with its files in a directory
/// that is called by its day; the reports are in the order of days. Throws comm::AgreedError: usage, input_missing,
/// bad_data, cannot_create, io.
std::vector<RfmReport> compute_rfm(const comm::Communicator& comm, const RfmOptions& options, core::Events& events);

}  // namespace cardseg::transactions
