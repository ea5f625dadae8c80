// What a user chooses about features of transactions.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/convert/convert_options.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/transactions/merchant_groups.hpp"

namespace cardseg::transactions {

/// What amounts are written in.
enum class Amounts { units, minor };
inline constexpr core::EnumNames<Amounts> amounts_names = {"units", "minor"};

struct RfmOptions {
  convert::ConvertOptions csv;  ///< the files of transactions and how they are written; the directory to write
  std::string as_of;            ///< the last day that counts, 2026-09-30, or several; needed
  std::string window;           ///< 12m, 90d, 52w, 2y: only so much time up to `as_of`; empty: everything up to it
  std::vector<std::filesystem::path> statements;  ///< files of monthly statements; empty: none
  std::vector<std::string> statement_columns;     ///< "balance=saldo": what is which column; else by usual names
  std::string customer_column;                    ///< of the customer's id; empty: found by its name
  std::string date_column;                        ///< of a date, or a date and time; empty: found by its name
  std::string amount_column;       ///< of the amount, in whole units of money with decimals; empty: found by its name
  std::string transaction_column;  ///< of the transaction's own id; empty: found by its name, if there is one
  std::string category_column;     ///< of the merchant category; empty: found by its name, if there is one
  std::string channel_column;      ///< of the channel; the same
  std::string groups_file;         ///< INI file of groups, whose shares are features; empty: none
  MerchantGroups groups;           ///< what it says: set by who reads it
  Amounts amounts = Amounts::units;
  int minor_units = 2;                 ///< decimals of money, 0 to 4
  std::vector<std::string> features;   ///< names; empty: all that the transactions allow
  std::vector<std::string> customers;  ///< shards of known customers; empty: those that have transactions
  std::string horizon;                 ///< 12m: lifetime value over so much time behind `as_of`; empty: none
  std::string cuts;                    ///< cuts.json of an earlier month; empty: quintiles of these customers
};

core::OptionTable describe(RfmOptions& options);

/// Throws core::Error(usage) with the field, its value and the allowed range.
void validate(const RfmOptions& options);

}  // namespace cardseg::transactions
