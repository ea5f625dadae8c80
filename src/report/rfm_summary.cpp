#include "cardseg/report/rfm_summary.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "cardseg/core/decimal_places.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/transactions/rfm_record.hpp"

namespace cardseg::report {
namespace {

using transactions::Tally;

// Where rows went, with the money in them; `outside`: those that are of other days.
template <class Numbers>
Table tally_table(const char* rows, const char* money, const Numbers& numbers,
                  const std::vector<std::pair<const char*, Tally>>& outside, int minor_units) {
  Table table;
  table.columns = {{rows}, {"rows", Format::count}, {money}};
  const auto add = [&](const char* what, const Tally& tally) {
    table.rows.push_back({what, tally.rows, core::decimal_text(tally.amount, minor_units)});
  };
  add("read", numbers.read);
  add("= used", numbers.used);
  for (const auto& [what, tally] : outside) add(what, tally);
  if (numbers.unknown.rows > 0) add("+ of unknown customers", numbers.unknown);
  if (numbers.duplicates.rows > 0) add("+ duplicates", numbers.duplicates);
  add("+ rejected", numbers.rejected);
  return table;
}

Table reconciliation_table(const transactions::Reconciliation& numbers, int minor_units) {
  return tally_table("transactions", "amount", numbers,
                     {{"+ before the window", numbers.before_window}, {"+ after the date", numbers.after_as_of}},
                     minor_units);
}

Table statements_table(const transactions::StatementNumbers& numbers, int minor_units) {
  return tally_table("statements", "balance", numbers, {{"+ outside the months", numbers.outside}}, minor_units);
}

Table column_table(const transactions::RfmReport& report) {
  Table table;
  table.columns = {{"feature"}, {"unit"}, {"missing", Format::count}, {"sum"}};
  for (const transactions::RfmColumn& column : report.columns) {
    if (column.spec.notes.empty()) continue;
    table.rows.push_back({column.spec.name, column.spec.notes.front().text, nothing, column.sum});
    if (column.missing > 0) table.rows.back()[2] = column.missing;
  }
  return table;
}

// The parameters of the models of lifetime value, and on whom they rest.
Table lifetime_table(const transactions::LifetimeModels& models) {
  Table table;
  table.columns = {{"lifetime value"}, {"parameters"}, {"customers", Format::count}, {"log-likelihood"}};
  const auto& [purchases, spend] = models;
  table.rows.push_back({"BG/NBD, weeks",
                        fmt::format("r {:.4g}, alpha {:.4g}, a {:.4g}, b {:.4g}", purchases.r, purchases.alpha,
                                    purchases.a, purchases.b),
                        purchases.fit.customers, fmt::format("{:.1f}", purchases.fit.log_likelihood)});
  table.rows.push_back({"Gamma-Gamma", fmt::format("p {:.4g}, q {:.4g}, gamma {:.4g}", spend.p, spend.q, spend.gamma),
                        spend.fit.customers, fmt::format("{:.1f}", spend.fit.log_likelihood)});
  return table;
}

Document one_summary(const transactions::RfmReport& report, const transactions::RfmOptions& options) {
  const std::string directory = options.csv.output_directory.string();
  Document summary;
  summary.add(
      Facts{{{"rfm", fmt::format("{}, {}, {} from {}", counted(report.customers, "customer"),
                                 counted(std::ssize(report.columns), "column"),
                                 counted(std::ssize(report.shards), "shard"), shown_megabytes(report.input_bytes, 1))},
             {"days", fmt::format("{} to {}, as of {}", transactions::day_text(report.first_day),
                                  transactions::day_text(report.last_day), options.as_of)}}});
  summary.add(reconciliation_table(report.numbers, options.minor_units));
  if (report.statements) summary.add(statements_table(*report.statements, options.minor_units));
  summary.add(column_table(report));
  if (report.lifetimes) summary.add(lifetime_table(*report.lifetimes));
  Facts facts;
  for (const convert::ReasonCount& reason : report.numbers.rejected_reasons)
    facts.facts.push_back({"rejected", counted(reason.rows, "row") + ": " + reason.reason});
  if (report.bad_rows_list) facts.facts.push_back({"listed", report.bad_rows_list->string()});
  if (report.has_unmatched)
    facts.facts.push_back({"unmatched", (std::filesystem::path(directory) / transactions::unmatched_name).string() +
                                            ": customers of transactions that are not known"});
  facts.facts.push_back({"record", (std::filesystem::path(directory) / transactions::rfm_record_name).string() +
                                       ": rows and exact sums, to compare with the source"});
  facts.facts.push_back(
      {"next", fmt::format("cardseg fit --shards {0} --description {1} --segments 5 --output run", directory,
                           (std::filesystem::path(directory) / "description.ini").string())});
  summary.add(facts);
  return summary;
}

Document several_summary(const std::vector<transactions::RfmReport>& reports) {
  Table table;
  table.columns = {{"as of"}, {"customers", Format::count}, {"transactions", Format::count}, {"shards"}};
  for (const transactions::RfmReport& report : reports)
    table.rows.push_back({transactions::day_text(report.period.last), report.customers, report.numbers.used.rows,
                          report.shards.front().parent_path().string()});
  Document summary;
  summary.add(Facts{{{"rfm", fmt::format("{} of {} from {}", counted(std::ssize(reports), "snapshot"),
                                         counted(reports.front().numbers.read.rows, "transaction"),
                                         shown_megabytes(reports.front().input_bytes, 1))}}});
  summary.add(table);
  summary.add(Facts{{{"record", std::string(transactions::rfm_record_name) +
                                    " in each directory: rows and exact sums, to compare with the source"}}});
  return summary;
}

}  // namespace

Document rfm_summary(const std::vector<transactions::RfmReport>& reports, const transactions::RfmOptions& options) {
  return reports.size() == 1 ? one_summary(reports.front(), options) : several_summary(reports);
}

}  // namespace cardseg::report
