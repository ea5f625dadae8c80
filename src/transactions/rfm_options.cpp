#include "cardseg/transactions/rfm_options.hpp"

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/transactions/feature_catalogue.hpp"
#include "cardseg/transactions/period.hpp"

namespace cardseg::transactions {
namespace {

using core::field;
using core::Shapes;

constexpr int most_minor_units = 4;

core::OptionTable features_of(RfmOptions& o) {
  const auto check_day = [](const std::string& text) { parse_days(text, field("as-of")); };
  const auto check_window = [](const std::string& text) { parse_window(text, 0, field("window")); };
  const auto check_horizon = [](const std::string& text) { parse_horizon(text, 0, field("horizon")); };
  return {"",
          {core::text(
               o.as_of, check_day,
               {"as-of", "DATE", Shapes::result,
                "the last day that counts, as 2026-09-30; later rows are left out. Several, with commas or as monthly "
                "2025-10..2026-09, make a directory of shards each from one reading"}),
           core::text(o.window, check_window,
                      {"window", "TIME", Shapes::result,
                       "only so much time up to that day: 12m, 90d, 52w or 2y; default: everything up to it"}),
           core::text(o.horizon, check_horizon,
                      {"horizon", "TIME", Shapes::result,
                       "lifetime value: what customers will buy so far ahead, by BG/NBD and Gamma-Gamma: 12m, 90d, 52w "
                       "or 2y; needs all transactions: no window"}),
           core::names(o.features, {"features", "A,B,...", Shapes::result,
                                    "features to write (docs/features.md); default: "
                                    "all that the transactions allow"}),
           core::names(o.customers, {"customers", "PATH,...", Shapes::inputs,
                                     "shards of all customers: those without transactions get rows, too, and "
                                     "transactions of others are left out and listed in unmatched.csv"}),
           core::text(o.groups_file, {"groups", "FILE", Shapes::by_file,
                                      "INI file of groups of merchant categories and channels, whose shares become "
                                      "columns (docs/merchant-groups.ini)"}),
           core::text(o.cuts, {"cuts", "FILE", Shapes::by_file,
                               "cuts.json of an earlier month: scores by its cut points; default: quintiles of these "
                               "customers"})}};
}

core::OptionTable statements_of(RfmOptions& o) {
  const auto files = [&o] {
    std::vector<std::string> texts;
    for (const std::filesystem::path& file : o.statements) texts.push_back(file.string());
    return texts;
  };
  return {"",
          {core::custom_list(
               files, [&o](const std::vector<std::string>& texts) { o.statements.assign(texts.begin(), texts.end()); },
               {"statements", "FILE...", Shapes::inputs,
                "files of monthly statements, written as the transactions are: utilisation, payments, class of payer "
                "(docs/features.md)"}),
           core::names(o.statement_columns,
                       {"statement-columns", "WHAT=COLUMN,...", Shapes::result,
                        "what is which column of the statements: customer, month, balance, limit, payment, minimum, "
                        "interest, fees, past_due; default: columns with usual names"})}};
}

core::OptionTable columns_of(RfmOptions& o) {
  return {
      "",
      {core::text(o.customer_column, {"customer-column", "COLUMN", Shapes::result,
                                      "column of the customer's id; default: the surest of the usual names"}),
       core::text(o.date_column, {"date-column", "COLUMN", Shapes::result,
                                  "column of the date, or date and time; default: the one with a usual name"}),
       core::text(o.amount_column, {"amount-column", "COLUMN", Shapes::result,
                                    "column of the amount, below 0 for refunds; default: the one with a usual name"}),
       core::text(o.transaction_column,
                  {"transaction-column", "COLUMN", Shapes::result,
                   "column of a transaction's own id, by which one that came twice counts once; default: the one "
                   "with a usual name, if any"}),
       core::text(o.category_column,
                  {"category-column", "COLUMN", Shapes::result,
                   "column of the merchant category, a number (MCC) or a word; default: the one with a usual name, if "
                   "any"}),
       core::text(o.channel_column, {"channel-column", "COLUMN", Shapes::result,
                                     "column of the channel; default: the one with a usual name, if any"}),
       core::choice(
           o.amounts, amounts_names,
           {"amounts", "UNIT", Shapes::result, "amounts are in units of money (12.34) or in minor ones (1234: cents)"}),
       core::number(
           o.minor_units, {0, most_minor_units},
           {"minor-units", "N", Shapes::result, "decimals of the currency: an amount with more of them is refused"})}};
}

// What the files can have at best.
std::set<Needs> possible_supplies(const RfmOptions& options) {
  std::set<Needs> supplies = {Needs::times, Needs::categories};
  if (!options.horizon.empty()) supplies.insert(Needs::horizon);
  if (!options.groups_file.empty()) supplies.insert(Needs::grid);
  if (!options.statements.empty())
    for (const Needs needs : {Needs::statements, Needs::limits, Needs::payments, Needs::minimums, Needs::interest,
                              Needs::fees, Needs::past_due})
      supplies.insert(needs);
  return supplies;
}

}  // namespace

core::OptionTable describe(RfmOptions& o) {
  core::OptionTable csv = core::without(describe(o.csv), {"type", "like", "exclude"});
  csv.at("input").help =
      "CSV files of transactions with the same header line, also compressed; -: standard input; HDF5 shards with a "
      "table transactions; directories of such files";
  csv.at("input").name = "transactions";
  csv.at("json").help = "print the result as JSON, as rfm.json in the output directory";
  return core::merged("Transactions", {features_of(o), columns_of(o), statements_of(o), csv});
}

void validate(const RfmOptions& options) {
  RfmOptions checked = options;
  core::validate(describe(checked));
  if (options.as_of.empty())
    throw core::Error(core::ExitCode::usage, field("as-of") + " is missing")
        .remedy("Give the last day that counts, as " + field("as-of") + " 2026-09-30");
  convert::validate(options.csv);
  if (!options.horizon.empty() && !options.window.empty())
    throw core::Error(core::ExitCode::usage, field("horizon") + " and " + field("window") + " exclude each other")
        .remedy("Lifetime value rests on all purchases up to the date: leave " + field("window") +
                " out, and keep features of a window in shards of their own");
  chosen_features(options.features, possible_supplies(options));
}

}  // namespace cardseg::transactions
