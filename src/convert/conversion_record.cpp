#include "cardseg/convert/conversion_record.hpp"

#include <nlohmann/json.hpp>

#include "cardseg/convert/record_json.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::convert {
namespace {

using json = nlohmann::ordered_json;

std::string text_of(char mark) { return mark == 0 ? "" : std::string(1, mark); }

json options_json(const ConvertOptions& options, const ConvertReport& report) {
  json missing = json::array();
  for (const GapWord& gap : options.missing) missing.push_back(text_of(gap));
  json types = json::object();
  for (const auto& [column, type] : options.types) types[column] = io::name_of(type);
  for (const std::string& column : options.date_columns) types[column] = "date";
  return {{"encoding", options.encoding},
          {"delimiter", text_of(report.delimiter)},
          {"header_line", options.header_line},
          {"has_header", !options.has_no_header},
          {"decimal", text_of(options.conventions.decimal)},
          {"thousands", text_of(options.conventions.thousands)},
          {"currency", options.conventions.currencies},
          {"dates", date_order_names[options.conventions.dates]},
          {"na", missing},
          {"type", types},
          {"exclude", options.exclude},
          {"like", options.like.string()},
          {"bad_rows", bad_rows_names[options.bad_rows]},
          {"max_bad_share", options.max_bad_share},
          {"rows_per_shard", options.rows_per_shard},
          {"deflate", options.deflate_level}};
}

json column_json(const ConvertedColumn& column, std::int64_t rows) {
  json entry = {{"name", column.spec.name},
                {"type", io::name_of(column.spec.type)},
                {"kind", column.spec.is_date ? "date" : ""},
                {"count", rows - column.missing},
                {"missing", column.missing},
                {"sum", column.sum.empty() ? json() : json(column.sum)}};
  if (column.spec.type == io::ColumnType::text) entry.erase("sum");
  if (!column.spec.is_date) entry.erase("kind");
  if (!column.note.empty()) entry["note"] = core::with_fields(column.note, "--");
  return entry;
}

}  // namespace

std::string conversion_json(const ConvertOptions& options, const ConvertReport& report) {
  const json sources = report.sources;
  const json reasons = report.bad_row_reasons;
  json columns = json::array();
  for (const ConvertedColumn& column : report.columns) columns.push_back(column_json(column, report.rows));
  json shards = json::array();
  for (const std::filesystem::path& shard : report.shards) shards.push_back(shard.filename().string());
  const json record = {{"format", "cardseg-conversion"},
                       {"format_version", 1},
                       {"sources", sources},
                       {"options", options_json(options, report)},
                       {"rows",
                        {{"read", report.rows + report.bad_rows},
                         {"written", report.rows_written},
                         {"rejected", report.bad_rows},
                         {"rejected_by_reason", reasons},
                         {"blank_lines", report.blank_lines}}},
                       {"columns", columns},
                       {"shards", shards}};
  return record.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace cardseg::convert
