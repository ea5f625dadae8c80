#include "cardseg/report/study_tables.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cardseg/report/csv.hpp"

namespace cardseg::report {
namespace {

using json = nlohmann::ordered_json;
using quality::StudiedModel;

Value smallest_share(const StudyEntry& entry) {
  const std::optional<std::int64_t> smallest = entry.smallest();
  if (!smallest) return {};
  return static_cast<double>(*smallest) / static_cast<double>(entry.studied.segmentation.all_customers());
}

Value value_of(const std::optional<std::int64_t>& number) { return number ? Value(*number) : Value(); }

json segments_of(const StudyEntry& entry) {
  const StudiedModel& model = entry.studied;
  json list = json::array();
  for (int j = 0; j < model.segments(); ++j) {
    const auto at = static_cast<std::size_t>(j);
    if (entry.is_withheld(j)) {
      list.push_back({{"segment", j + 1}, {"customers", "withheld"}});
      continue;
    }
    list.push_back({{"segment", j + 1},
                    {"customers", model.segmentation.customers[at]},
                    {"inertia", model.segmentation.inertia[at]},
                    {"silhouette", model.silhouette.by_segment[at]},
                    {"mean_distance", model.silhouette.mean_distance[at]}});
  }
  return list;
}

json restarts_of(const StudiedModel& model) {
  json list = json::array();
  for (std::size_t r = 0; r < model.fit.restarts.size(); ++r) {
    const cluster::RestartResult& restart = model.fit.restarts[r];
    list.push_back({{"restart", r + 1},
                    {"inertia", restart.inertia},
                    {"iterations", restart.iterations},
                    {"stop", name_of(restart.stop)},
                    {"agreement_with_best", model.agreement[r]}});
  }
  return list;
}

json to_json(const StudyEntry& entry) {
  const StudiedModel& model = entry.studied;
  return {{"segments", model.segments()},
          {"inertia", model.segmentation.total_inertia},
          {"calinski_harabasz", model.calinski_harabasz},
          {"davies_bouldin", model.davies_bouldin},
          {"silhouette", model.silhouette.mean},
          {"sampled_silhouette", model.sampled_silhouette},
          {"smallest_segment", entry.smallest() ? json(*entry.smallest()) : json()},
          {"agreement", model.mean_agreement()},
          {"reached", model.fit.reached},
          {"refitted_from", model.fit.refitted_from > 0 ? json(model.fit.refitted_from) : json()},
          {"best_restart", model.fit.best_restart + 1},
          {"model", entry.model_path},
          {"model_id", entry.model_id},
          {"by_segment", segments_of(entry)},
          {"by_restart", restarts_of(model)}};
}

}  // namespace

std::optional<std::int64_t> StudyEntry::smallest() const {
  for (int j = 0; j < studied.segments(); ++j)
    if (is_withheld(j)) return std::nullopt;
  return studied.smallest();
}

std::string study_csv(const std::vector<StudyEntry>& entries) {
  Table table;
  for (const char* key : {"segments", "inertia", "calinski_harabasz", "davies_bouldin", "silhouette",
                          "sampled_silhouette", "smallest_segment", "smallest_share", "agreement", "restarts",
                          "reached", "best_restart", "iterations", "stop", "model"})
    table.columns.push_back({key});
  for (const StudyEntry& entry : entries) {
    const StudiedModel& model = entry.studied;
    table.rows.push_back({model.segments(), model.segmentation.total_inertia, model.calinski_harabasz,
                          model.davies_bouldin, model.silhouette.mean, model.sampled_silhouette,
                          value_of(entry.smallest()), smallest_share(entry), model.mean_agreement(),
                          std::ssize(model.fit.restarts), model.fit.reached, model.fit.best_restart + 1,
                          model.fit.iterations, name_of(model.fit.stop), entry.model_path});
  }
  return csv(table);
}

std::string study_json(const std::vector<StudyEntry>& entries, const std::vector<quality::Preference>& preferences,
                       std::int64_t sample) {
  json preferred = json::array();
  for (const quality::Preference& each : preferences)
    preferred.push_back({{"criterion", each.criterion}, {"segments", each.segments}});
  json models = json::array();
  for (const StudyEntry& entry : entries) models.push_back(to_json(entry));
  const std::int64_t customers = entries.empty() ? 0 : entries.front().studied.segmentation.all_customers();
  const json whole = {{"format", "cardseg-study"}, {"format_version", 1},
                      {"customers", customers},    {"sample", std::min(sample, customers)},
                      {"preferred", preferred},    {"models", models}};
  return whole.dump(1) + "\n";
}

}  // namespace cardseg::report
