#include "cardseg/report/study_tables.hpp"

#include <algorithm>
#include <cmath>
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

struct Named {
  const char* name;
  double value;
};

// Of the size that was judged; NaN where nothing was tested.
std::vector<Named> stability_of(const StudiedModel& model) {
  const quality::StudiedStability studied{model.segments(), model.stability};
  const bool is_tested = model.stability.is_tested();
  const double none = std::nan("");
  return {{"stability", is_tested ? model.stability.at_judged().mean_jaccard() : none},
          {"least_stability", is_tested ? model.stability.at_judged().least_jaccard() : none},
          {"null_stability", is_tested ? model.stability.at_judged().null_jaccard : none},
          {"ratio", studied.mean_ratio()},
          {"least_ratio", studied.least_ratio()},
          {"gap", is_tested ? model.stability.gap : none},
          {"gap_error", is_tested ? model.stability.gap_error : none}};
}

// Customers of a resample; 0: nothing was tested.
std::int64_t resampled_of(const StudiedModel& model) {
  return model.stability.is_tested() ? model.stability.at_judged().customers : 0;
}

json stability_json(const StudiedModel& model) {
  json whole = json::object();
  whole["resampled"] = resampled_of(model);
  for (const Named& each : stability_of(model)) whole[each.name] = each.value;
  json by_segment = json::array();
  if (model.stability.is_tested())
    for (const double jaccard : model.stability.at_judged().jaccard) by_segment.push_back(jaccard);
  whole["by_segment"] = by_segment;
  return whole;
}

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

// 0 is none.
json json_of(int segments) { return segments > 0 ? json(segments) : json(); }

json to_json(const StudyEntry& entry) {
  const StudiedModel& model = entry.studied;
  return {{"segments", model.segments()},
          {"inertia", model.segmentation.total_inertia},
          {"calinski_harabasz", model.calinski_harabasz},
          {"davies_bouldin", model.davies_bouldin},
          {"silhouette", model.silhouette.mean},
          {"sampled_silhouette", model.sampled_silhouette},
          {"r_squared", model.r_squared},
          {"stability", stability_json(model)},
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
  for (const char* key : {"segments",
                          "inertia",
                          "calinski_harabasz",
                          "davies_bouldin",
                          "silhouette",
                          "sampled_silhouette",
                          "smallest_segment",
                          "smallest_share",
                          "agreement",
                          "restarts",
                          "reached",
                          "best_restart",
                          "iterations",
                          "stop",
                          "model",
                          "r_squared",
                          "resampled",
                          "stability",
                          "least_stability",
                          "null_stability",
                          "ratio",
                          "least_ratio",
                          "gap",
                          "gap_error"})
    table.columns.push_back({key});
  for (const StudyEntry& entry : entries) {
    const StudiedModel& model = entry.studied;
    table.rows.push_back({model.segments(), model.segmentation.total_inertia, model.calinski_harabasz,
                          model.davies_bouldin, model.silhouette.mean, model.sampled_silhouette,
                          value_of(entry.smallest()), smallest_share(entry), model.mean_agreement(),
                          std::ssize(model.fit.restarts), model.fit.reached, model.fit.best_restart + 1,
                          model.fit.iterations, name_of(model.fit.stop), entry.model_path, model.r_squared});
    table.rows.back().emplace_back(resampled_of(model));
    for (const Named& each : stability_of(model)) table.rows.back().emplace_back(each.value);
  }
  return csv(table);
}

std::string study_json(const std::vector<StudyEntry>& entries, const std::vector<quality::Preference>& preferences,
                       const quality::Recommendation& recommendation, std::int64_t sample) {
  json preferred = json::array();
  for (const quality::Preference& each : preferences)
    preferred.push_back({{"criterion", each.criterion}, {"segments", each.segments}});
  const json recommended = {{"tested", recommendation.tested},
                            {"segments", json_of(recommendation.segments)},
                            {"runner_up", json_of(recommendation.runner_up)},
                            {"candidates", recommendation.candidates},
                            {"preferred_by_gap", json_of(recommendation.preferred_by_gap)}};
  json models = json::array();
  for (const StudyEntry& entry : entries) models.push_back(to_json(entry));
  const std::int64_t customers = entries.empty() ? 0 : entries.front().studied.segmentation.all_customers();
  const json whole = {{"format", "cardseg-study"}, {"format_version", 1},
                      {"customers", customers},    {"sample", std::min(sample, customers)},
                      {"preferred", preferred},    {"recommended", recommended},
                      {"models", models}};
  return whole.dump(1) + "\n";
}

}  // namespace cardseg::report
