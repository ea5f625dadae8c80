#include "cardseg/report/scaling_tables.hpp"

#include <nlohmann/json.hpp>

#include "cardseg/report/csv.hpp"

namespace cardseg::report {
namespace {

using scaling::ScalingForecast;
using scaling::ScalingModel;
using scaling::ScalingPoint;
using scaling::ScalingRun;
using scaling::ScalingStudy;
using scaling::ScalingSummary;
using json = nlohmann::ordered_json;

double model_s(const ScalingStudy& study, const ScalingPoint& point) {
  const double comparisons = static_cast<double>(point.customers) * study.features * study.options.fit.segments;
  return study.model.predict_s(comparisons, point.ranks);
}

json runs_of(const ScalingPoint& point) {
  json list = json::array();
  for (const ScalingRun& run : point.runs)
    list.push_back({{"iteration_s", run.iteration_s},
                    {"assign_s", run.assign_s},
                    {"slowest_assign_s", run.slowest_assign_s},
                    {"communicate_s", run.communicate_s},
                    {"update_s", run.update_s()}});
  return list;
}

json to_json(const ScalingStudy& study, const ScalingPoint& point, const ScalingSummary& summary) {
  return {{"ranks", point.ranks},
          {"machines", point.placement.machines},
          {"cores", point.placement.cores},
          {"threads", point.placement.threads},
          {"crowded", point.placement.is_crowded},
          {"customers", point.customers},
          {"iterations", point.iterations},
          {"median_s", summary.median_s},
          {"min_s", summary.min_s},
          {"max_s", summary.max_s},
          {"assign_s", summary.assign_s},
          {"communicate_s", summary.communicate_s},
          {"update_s", summary.update_s},
          {"speedup", summary.speedup},
          {"efficiency", summary.efficiency},
          {"communication_share", summary.communication_share},
          {"imbalance", summary.imbalance},
          {"messages", point.messages},
          {"bytes", point.bytes},
          {"model_s", model_s(study, point)},
          {"sha256", point.digest},
          {"runs", runs_of(point)}};
}

json to_json(const ScalingModel& model) {
  return {{"formula", "comparison_s * customers * segments * features / ranks + fixed_s + step_s * ceil(log2(ranks))"},
          {"comparison_s", model.comparison_s},
          {"fixed_s", model.has_fixed ? json(model.fixed_s) : json()},
          {"step_s", model.has_steps ? json(model.step_s) : json()},
          {"fitted_ranks", model.fitted_ranks},
          {"fitted_to_crowded", model.is_of_crowded},
          {"relative_error", model.relative_error}};
}

json forecasts_of(const ScalingStudy& study) {
  json list = json::array();
  for (const ScalingForecast& each : study.forecasts)
    list.push_back({{"ranks", each.ranks},
                    {"customers", each.customers},
                    {"iteration_s", each.iteration_s},
                    {"low_s", each.low_s},
                    {"high_s", each.high_s},
                    {"speedup", each.speedup},
                    {"efficiency", each.efficiency}});
  return list;
}

}  // namespace

std::string scaling_csv(const ScalingStudy& study) {
  Table table;
  for (const char* key : {"kind",
                          "ranks",
                          "machines",
                          "cores",
                          "crowded",
                          "customers",
                          "iterations",
                          "repeats",
                          "median_s",
                          "min_s",
                          "max_s",
                          "assign_s",
                          "communicate_s",
                          "update_s",
                          "speedup",
                          "efficiency",
                          "communication_share",
                          "imbalance",
                          "messages",
                          "bytes",
                          "model_s",
                          "sha256"})
    table.columns.push_back({key});
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    const ScalingPoint& point = study.points[i];
    const ScalingSummary& summary = study.summaries[i];
    table.rows.push_back({name_of(study.options.kind),
                          point.ranks,
                          point.placement.machines,
                          point.placement.cores,
                          point.placement.is_crowded ? "yes" : "no",
                          point.customers,
                          point.iterations,
                          std::ssize(point.runs),
                          summary.median_s,
                          summary.min_s,
                          summary.max_s,
                          summary.assign_s,
                          summary.communicate_s,
                          summary.update_s,
                          summary.speedup,
                          summary.efficiency,
                          summary.communication_share,
                          summary.imbalance,
                          point.messages,
                          point.bytes,
                          model_s(study, point),
                          point.digest});
  }
  return csv(table);
}

std::string scaling_json(const ScalingStudy& study) {
  json points = json::array();
  for (std::size_t i = 0; i < study.points.size(); ++i)
    points.push_back(to_json(study, study.points[i], study.summaries[i]));
  const json whole = {{"format", "cardseg-scaling"},
                      {"format_version", 1},
                      {"kind", name_of(study.options.kind)},
                      {"algorithm", name_of(study.options.fit.algorithm)},
                      {"customers_from", study.is_generated ? "generated" : "shards"},
                      {"features", study.features},
                      {"segments", study.options.fit.segments},
                      {"threads", study.options.threads},
                      {"seed", study.options.fit.seed},
                      {"points", points},
                      {"model", to_json(study.model)},
                      {"forecasts", forecasts_of(study)}};
  return whole.dump(1) + "\n";
}

}  // namespace cardseg::report
