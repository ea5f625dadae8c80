#include "cardseg/monitor/drift_tables.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/io/csv_table.hpp"

namespace cardseg::monitor {
namespace {

using json = nlohmann::ordered_json;

json reasons_json(const std::vector<Reason>& reasons) {
  json list = json::array();
  for (const Reason& reason : reasons)
    list.push_back({{"light", name_of(reason.light)}, {"segment", reason.segment}, {"text", reason.text}});
  return list;
}

json column_json(const ColumnDrift& column) {
  json bins = json::array();
  for (const DriftBin& bin : column.bins) bins.push_back({{"label", bin.label}, {"then", bin.then}, {"now", bin.now}});
  return {{"column", column.column.name},
          {"is_feature", column.is_feature},
          {"light", name_of(column.light)},
          {"reasons", reasons_json(column.reasons)},
          {"psi", column.psi},
          {"psi_noise", column.noise},
          {"ks", column.ks},
          {"wasserstein", column.wasserstein},
          {"mean_shift", column.shift},
          {"overlap", column.overlap},
          {"missing_then", column.missing_then},
          {"missing", column.missing_now},
          {"bins", bins}};
}

json segment_json(const SegmentDrift& segment, std::size_t number) {
  return {{"segment", number},
          {"light", name_of(segment.light)},
          {"reasons", reasons_json(segment.reasons)},
          {"share_then", segment.share_then},
          {"share", segment.share_now},
          {"far", segment.far}};
}

}  // namespace

std::string drift_csv(const Drift& drift) {
  io::CsvWriter csv({"column", "segment", "statistic", "value", "threshold", "light"});
  for (const DriftFigure& figure : drift.figures) {
    const bool is_measured = !std::isnan(figure.threshold);
    csv.add_row({figure.column, std::int64_t{figure.segment}, figure.statistic, figure.value, figure.threshold,
                 is_measured ? io::CsvValue(std::string(name_of(figure.light))) : io::CsvValue()});
  }
  return csv.text();
}

std::string drift_json(const Drift& drift, const std::string& model_id) {
  json columns = json::array();
  for (const ColumnDrift& column : drift.columns) columns.push_back(column_json(column));
  json segments = json::array();
  for (std::size_t j = 0; j < drift.segments.size(); ++j) segments.push_back(segment_json(drift.segments[j], j + 1));
  const json whole = {{"format", "cardseg-drift"},
                      {"format_version", 1},
                      {"model_id", model_id},
                      {"light", name_of(drift.light)},
                      {"reasons", reasons_json(drift.reasons)},
                      {"customers_then", drift.customers_then},
                      {"customers", drift.customers_now},
                      {"mix_psi", drift.mix_psi},
                      {"far", drift.far},
                      {"reconstruction", drift.reconstruction},
                      {"columns", columns},
                      {"segments", segments}};
  return whole.dump(1) + "\n";
}

}  // namespace cardseg::monitor
