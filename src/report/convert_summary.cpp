#include "cardseg/report/convert_summary.hpp"

#include <fmt/format.h>

#include "cardseg/convert/conversion_record.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/run_summary.hpp"

namespace cardseg::report {
namespace {

Table column_table(const convert::ConvertReport& report) {
  Table table;
  table.columns = {{"column"}, {"type"}, {"missing", Format::count}, {"note"}};
  for (const convert::ConvertedColumn& column : report.columns) {
    table.rows.push_back({column.spec.name, column.spec.is_date ? "date" : io::name_of(column.spec.type), nothing,
                          core::with_fields(column.note, "--")});
    if (column.missing > 0) table.rows.back()[2] = column.missing;
  }
  return table;
}

}  // namespace

Document convert_summary(const convert::ConvertReport& report, const std::string& directory) {
  Document summary;
  summary.add(Facts{
      {{"convert",
        fmt::format("{}, {}, {} from {}", counted(report.rows, "row"), counted(std::ssize(report.columns), "column"),
                    counted(std::ssize(report.shards), "shard"), shown_megabytes(report.input_bytes, 1))}}});
  summary.add(column_table(report));
  Facts facts;
  for (const convert::ReasonCount& reason : report.bad_row_reasons)
    facts.facts.push_back({"skipped", counted(reason.rows, "row") + ": " + reason.reason});
  if (report.bad_rows_list) facts.facts.push_back({"listed", report.bad_rows_list->string()});
  facts.facts.push_back(row_fact({report.rows + report.bad_rows, report.rows_written, report.bad_rows}, "written"));
  facts.facts.push_back({"record", (std::filesystem::path(directory) / convert::conversion_record_name).string() +
                                       ": counts and exact sums, to compare with the source"});
  facts.facts.push_back({"next", "cardseg inspect " + directory});
  summary.add(facts);
  return summary;
}

Document rewrite_summary(const convert::RewriteReport& report, const std::string& directory) {
  Document summary;
  summary.add(Facts{{{"convert", fmt::format("{}, {}, {} written again with checksums", counted(report.rows, "row"),
                                             counted(report.columns, "column"), counted(report.shards, "shard"))},
                     row_fact({report.rows, report.rows_written, 0}, "written"),
                     {"next", "cardseg inspect " + directory}}});
  return summary;
}

}  // namespace cardseg::report
