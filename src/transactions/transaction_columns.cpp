#include "transactions/transaction_columns.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <string_view>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/id_name.hpp"
#include "cardseg/core/nearest_name.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;
using core::field;

// The surest first.
constexpr std::string_view date_names[] = {"transactiondate",
                                           "transactiontime",
                                           "transactiondatetime",
                                           "txdate",
                                           "trxdate",
                                           "purchasedate",
                                           "date",
                                           "datetime",
                                           "timestamp",
                                           "bookingdate",
                                           "posteddate",
                                           "postingdate",
                                           "invoicedate",
                                           "orderdate",
                                           "time",
                                           "day",
                                           "datum",
                                           "buchungstag",
                                           "buchungsdatum"};
constexpr std::string_view amount_names[] = {
    "transactionamount", "txamount", "trxamount", "amount",  "amt",    "purchaseamount", "value", "spend",
    "revenue",           "total",    "price",     "dollars", "betrag", "umsatz"};
constexpr std::string_view transaction_names[] = {
    "transactionid", "txid", "txnid", "trxid", "transactionnumber", "transactionno", "transactionreference"};
constexpr std::string_view category_names[] = {"mcc", "merchantcategorycode", "merchantcategory", "categorycode",
                                               "category"};
constexpr std::string_view channel_names[] = {"channel", "entrymode", "posentrymode"};
constexpr std::string_view currency_names[] = {"currency", "currencycode", "ccy", "curr", "waehrung"};

std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)))
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::size_t found(const std::vector<std::string>& names, const std::string& option, const std::string& given,
                  const std::optional<std::size_t>& guess, const std::string& what) {
  if (!given.empty()) return column_named(names, option, given, "transactions");
  if (guess) return *guess;
  // Of a file without a header, the names would be a customer's values.
  throw Error(ExitCode::bad_data, "no column has a usual name of " + what)
      .remedy("Name it with " + field(option) + "; where no line names the columns, add " + field("no-header") + " " +
              field("columns") + " customer_id,date,amount, in their order");
}

}  // namespace

std::optional<std::size_t> first_with_name(const std::vector<std::string>& names,
                                           std::span<const std::string_view> usual) {
  for (const std::string_view each : usual)
    for (std::size_t c = 0; c < names.size(); ++c)
      if (plain(names[c]) == each) return c;
  return std::nullopt;
}

std::size_t column_named(const std::vector<std::string>& names, const std::string& option, const std::string& name,
                         const std::string& table) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string guess = core::did_you_mean(name, names);
  throw Error(ExitCode::usage, field(option) + " names a column '" + name + "' that the " + table + " do not have")
      .remedy(guess.empty() ? "The first line of the file names its columns" : guess);
}

std::optional<std::size_t> customer_among(const std::vector<std::string>& names) {
  std::optional<std::size_t> best;
  for (std::size_t c = 0; c < names.size(); ++c) {
    if (core::id_name(names[c]) < core::IdName::word) continue;
    const auto rank = [&](std::size_t column) {
      const bool is_usual = core::id_name(names[column]) == core::IdName::usual;
      return (is_usual ? 0 : 1000) + core::id_preference(names[column]);
    };
    if (!best || rank(c) < rank(*best)) best = c;
  }
  return best;
}

TransactionColumns find_columns(const std::vector<std::string>& names, const RfmOptions& options) {
  TransactionColumns columns;
  columns.customer = found(names, "customer-column", options.customer_column, customer_among(names), "a customer's id");
  columns.date = found(names, "date-column", options.date_column, first_with_name(names, date_names), "a date");
  columns.amount =
      found(names, "amount-column", options.amount_column, first_with_name(names, amount_names), "an amount");
  columns.currency = first_with_name(names, currency_names);
  const auto maybe = [&](const char* option, const std::string& given, std::span<const std::string_view> usual) {
    return given.empty() ? first_with_name(names, usual)
                         : std::optional(column_named(names, option, given, "transactions"));
  };
  columns.transaction = maybe("transaction-column", options.transaction_column, transaction_names);
  columns.category = maybe("category-column", options.category_column, category_names);
  columns.channel = maybe("channel-column", options.channel_column, channel_names);
  return columns;
}

}  // namespace cardseg::transactions
