#include "cardseg/report/generate_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

Document generate_summary(const generate::GeneratorReport& report, const std::string& output) {
  const std::string directory =
      output.ends_with('/') && output.size() > 1 ? output.substr(0, output.size() - 1) : output;
  Document summary;
  summary.add(Facts{{{"generate", fmt::format("{}, {}, {}", counted(report.customers, "customer"),
                                              counted(report.columns, "column"), counted(report.shards, "shard"))}}});
  Table table;
  table.columns = {{"segment", Format::count}, {"name"}, {"customers", Format::count}, {"what they do"}};
  for (const generate::GeneratedSegment& segment : report.segments)
    table.rows.push_back({segment.number, segment.name, segment.customers, segment.description});
  summary.add(table);
  summary.add(
      Facts{{{"files", fmt::format("{0}/shards/, {0}/description.ini; the truth is in {0}/truth/", directory)},
             {"next", fmt::format("cardseg fit --shards {0}/shards --description {0}/description.ini --segments {1} "
                                  "--output run",
                                  directory, report.segments.size())}}});
  return summary;
}

}  // namespace cardseg::report
