#include "cardseg/segments/label_export.hpp"

#include <algorithm>
#include <unordered_map>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/row_blocks.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/segments/customer_file.hpp"
#include "cardseg/segments/label_files.hpp"
#include "cardseg/segments/pseudonyms.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Range;

using Placements = std::unordered_map<std::string, int>;

std::vector<std::string> header_of(const LabelledCustomers& labels, bool is_keyed, bool is_pinned) {
  std::vector<std::string> names = {is_keyed ? pseudonym_column : labels.id_column(), "segment", "distance",
                                    "second_segment", "margin"};
  if (labels.has_reasons()) names.emplace_back(reason_column);
  if (is_pinned) names.emplace_back("placed");
  return names;
}

// The lines of some rows. Adds to `counts`.
std::string lines_of(const LabelledCustomers& labels, Range rows, const std::string& key, const Placements* placements,
                     ExportCounts& counts) {
  const std::vector<std::string> ids = labels.ids(rows);
  const std::vector<std::int64_t> segments = labels.segments(rows);
  const std::vector<std::int64_t> seconds = labels.seconds(rows);
  const std::vector<double> distances = labels.distances(rows);
  const std::vector<double> margins = labels.margins(rows);
  const std::vector<std::string> reasons = labels.has_reasons() ? labels.reasons(rows) : std::vector<std::string>();
  io::CsvWriter csv;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::vector<io::CsvValue> values = {key.empty() ? ids[i] : pseudonym_of(key, ids[i]), segments[i], distances[i],
                                        seconds[i], margins[i]};
    if (!reasons.empty()) {
      if (segments[i] == 0) values[2] = values[3] = values[4] = {};
      values.emplace_back(reasons[i]);
    }
    if (placements) {
      const auto place = placements->find(ids[i]);
      const bool is_placed = place != placements->end();
      if (is_placed) values[1] = std::int64_t{place->second};
      values.emplace_back(is_placed ? "policy" : "model");
      counts.placed += is_placed ? 1 : 0;
    }
    csv.add_row(values);
    ++counts.customers;
  }
  return csv.text();
}

}  // namespace

core::OptionTable describe(ExportOptions& o) {
  using core::Shapes;
  return {"Export",
          {core::text(o.run, {"run", "DIR", Shapes::inputs, "directory of a run of fit or assign"}),
           core::choice(o.labels, label_format_names,
                        {"labels", "FORMAT", Shapes::result, "write the segment of every customer: csv"}),
           core::text(o.pin, {"pin", "FILE", Shapes::by_file,
                              "CSV of ids and segments: customers that a policy places, whatever the model says"})}};
}

void validate(const ExportOptions& o) {
  if (o.run.empty()) throw Error(ExitCode::usage, field("run") + " is missing").remedy("Name the directory of a run");
  if (o.labels == LabelFormat::none)
    throw Error(ExitCode::usage, "nothing says what is to be exported").remedy("Give " + field("labels") + " csv");
}

ExportCounts export_labels(const LabelledCustomers& labels, const ExportOptions& options, const std::string& key,
                           const std::filesystem::path& output, core::Events& events) {
  labels.check_key(key);
  Placements placements;
  if (!options.pin.empty()) placements = read_placements(options.pin, labels.id_column(), 0);
  const bool is_pinned = !options.pin.empty();
  ExportCounts counts;
  io::TextFileWriter file(output);
  file.append(io::CsvWriter(header_of(labels, !key.empty(), is_pinned)).text());
  core::for_each_block({0, labels.rows()}, [&](Range rows) {
    file.append(lines_of(labels, rows, key, is_pinned ? &placements : nullptr, counts));
    events.progress("export", rows.end, labels.rows());
  });
  file.commit();
  counts.unknown_placed = std::ssize(placements) - counts.placed;
  return counts;
}

}  // namespace cardseg::segments
