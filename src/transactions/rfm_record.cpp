#include "cardseg/transactions/rfm_record.hpp"

#include <nlohmann/json.hpp>

#include "cardseg/convert/record_json.hpp"
#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/sha256.hpp"

namespace cardseg::transactions {
namespace {

using json = nlohmann::ordered_json;

json tally_json(const Tally& tally, int minor_units) {
  return {{"rows", tally.rows}, {"amount", core::decimal_text(tally.amount, minor_units)}};
}

json column_json(const RfmColumn& column, std::int64_t rows) {
  json entry = {{"name", column.spec.name},
                {"type", io::name_of(column.spec.type)},
                {"count", rows - column.missing},
                {"missing", column.missing}};
  if (!column.sum.empty()) entry["sum"] = column.sum;
  for (const io::ColumnNote& note : column.spec.notes) entry[note.name] = note.text;
  return entry;
}

json options_json(const RfmOptions& options, const RfmReport& report) {
  RfmOptions shown = options;
  shown.as_of = day_text(report.period.last);  // of several, this one
  json all = json::object();
  for (const auto& [name, value] : core::shaping_values(describe(shown))) all[name] = value;
  return all;
}

json statements_json(const RfmReport& report, int minor_units) {
  if (!report.statements) return nullptr;
  const StatementNumbers& numbers = *report.statements;
  const json reasons = numbers.rejected_reasons;
  const auto tally = [&](const Tally& each) {
    return json{{"rows", each.rows}, {"balance", core::decimal_text(each.amount, minor_units)}};
  };
  return {{"read", tally(numbers.read)},
          {"used", tally(numbers.used)},
          {"outside_period", tally(numbers.outside)},
          {"unknown_customers", tally(numbers.unknown)},
          {"duplicates", tally(numbers.duplicates)},
          {"conflicting_duplicates", numbers.conflicts},
          {"rejected", tally(numbers.rejected)},
          {"rejected_by_reason", reasons},
          {"customers_with_gaps", numbers.with_gaps}};
}

json fit_json(const LikelihoodFit& fit) {
  return {{"customers", fit.customers},
          {"log_likelihood", fit.log_likelihood},
          {"iterations", fit.iterations},
          {"converged", fit.has_converged}};
}

json lifetimes_json(const RfmReport& report) {
  if (!report.lifetimes) return nullptr;
  const BgNbd& purchases = report.lifetimes->purchases;
  const GammaGamma& spend = report.lifetimes->spend;
  return {{"horizon_days", report.horizon_days},
          {"days_a_time_unit", days_a_time_unit},
          {"bg_nbd",
           {{"r", purchases.r},
            {"alpha", purchases.alpha},
            {"a", purchases.a},
            {"b", purchases.b},
            {"fit", fit_json(purchases.fit)}}},
          {"gamma_gamma",
           {{"p", spend.p},
            {"q", spend.q},
            {"gamma", spend.gamma},
            {"correlation", spend.correlation},
            {"fit", fit_json(spend.fit)}}}};
}

json record_json(const RfmOptions& options, const RfmReport& report) {
  const json sources = report.sources;
  const json reasons = report.numbers.rejected_reasons;
  json columns = json::array();
  for (const RfmColumn& column : report.columns) columns.push_back(column_json(column, report.customers));
  json shards = json::array();
  for (const std::filesystem::path& shard : report.shards) shards.push_back(shard.filename().string());
  const int units = options.minor_units;
  json transactions = {{"read", tally_json(report.numbers.read, units)},
                       {"used", tally_json(report.numbers.used, units)},
                       {"before_window", tally_json(report.numbers.before_window, units)},
                       {"after_as_of", tally_json(report.numbers.after_as_of, units)},
                       {"unknown_customers", tally_json(report.numbers.unknown, units)},
                       {"duplicates", tally_json(report.numbers.duplicates, units)},
                       {"conflicting_duplicates", report.conflicts},
                       {"rejected", tally_json(report.numbers.rejected, units)},
                       {"rejected_by_reason", reasons},
                       {"blank_lines", report.blank_lines}};
  return {{"format", rfm_record_format},
          {"format_version", 1},
          {"sources", sources},
          {"options", options_json(options, report)},
          {"period",
           {{"first", report.period.first == no_day ? "" : day_text(report.period.first)},
            {"last", day_text(report.period.last)},
            {"first_transaction", day_text(report.first_day)},
            {"last_transaction", day_text(report.last_day)}}},
          {"transactions", transactions},
          {"statements", statements_json(report, units)},
          {"lifetime_value", lifetimes_json(report)},
          {"customers", report.rows_written},
          {"columns", columns},
          {"shards", shards}};
}

std::string text_of(const json& record) { return record.dump(2, ' ', false, json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string rfm_json(const RfmOptions& options, const RfmReport& report) {
  return text_of(record_json(options, report));
}

std::string rfm_json(const RfmOptions& options, const std::vector<RfmReport>& reports) {
  if (reports.size() == 1) return rfm_json(options, reports.front());
  json records = json::array();
  for (const RfmReport& report : reports) records.push_back(record_json(options, report));
  return text_of(records);
}

}  // namespace cardseg::transactions
