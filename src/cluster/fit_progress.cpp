#include "cardseg/cluster/fit_progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::cluster {
namespace {

using json = nlohmann::json;

json to_json(const Centroids& centroids) {
  return {{"segments", centroids.segments}, {"features", centroids.features}, {"values", centroids.values}};
}

Centroids centroids_from(const json& j) {
  Centroids centroids(j.at("segments"), j.at("features"));
  const std::size_t size = centroids.values.size();
  centroids.values = j.at("values").get<std::vector<double>>();
  if (centroids.values.size() != size) throw std::invalid_argument("wrong number of coordinates");
  return centroids;
}

// As checkpoints of format 1 call the customers of each segment.
constexpr const char* customers_key = "counts";

json to_json(const SegmentSums& sums) {
  json limbs = json::array();
  for (core::int128 sum : sums.sums) {
    const core::Limbs each = core::to_limbs(sum);
    limbs.push_back(each.low);
    limbs.push_back(each.high);
  }
  return {{"segments", sums.segments}, {"features", sums.features}, {"limbs", limbs}, {customers_key, sums.customers}};
}

SegmentSums sums_from(const json& j) {
  SegmentSums sums(j.at("segments"), j.at("features"));
  const auto limbs = j.at("limbs").get<std::vector<std::int64_t>>();
  const auto customers = j.at(customers_key).get<std::vector<std::int64_t>>();
  if (limbs.size() != 2 * sums.sums.size() || customers.size() != sums.customers.size())
    throw std::invalid_argument("wrong number of sums");
  for (std::size_t i = 0; i < sums.sums.size(); ++i) sums.sums[i] = core::from_limbs({limbs[2 * i], limbs[2 * i + 1]});
  sums.customers = customers;
  return sums;
}

json to_json(const SeedingRecord& record) {
  return {{"drawn", name_of(record.drawn)},    {"customers", record.customers},
          {"starts", record.starts},           {"tried", record.moves.tried},
          {"accepted", record.moves.accepted}, {"gained", record.moves.gained},
          {"inertia", record.inertia},         {"states", record.states}};
}

SeedingRecord seeding_from(const json& j) {
  SeedingRecord record;
  record.drawn = seeding_names.named(j.at("drawn"), "seeding");
  record.customers = j.at("customers");
  record.starts = j.value("starts", 1);
  record.moves = {j.at("tried"), j.at("accepted"), j.at("gained")};
  record.inertia = j.at("inertia");
  record.states = j.at("states").get<std::vector<std::uint64_t>>();
  return record;
}

json to_json(const RestartProgress& each) {
  const RestartResult& result = each.result;
  json j = {{"fit", each.fit},
            {"restart", each.restart},
            {"refitted_from", each.refitted_from},
            {"is_finished", each.is_finished},
            {"iterations", result.iterations},
            {"stop", name_of(result.stop)},
            {"refilled", result.refilled},
            {"course", result.course},
            {"unsettled", result.unsettled},
            {"distances", result.distances},
            {"centroids", to_json(result.centroids)},
            {"seeding", to_json(result.seeding)},
            {"states", result.states},
            {"joined", result.joined}};
  if (each.sums) j["sums"] = to_json(*each.sums);
  return j;
}

RestartProgress restart_from(const json& j) {
  RestartProgress each;
  each.fit = j.at("fit");
  each.restart = j.at("restart");
  each.refitted_from = j.value("refitted_from", 0);
  each.is_finished = j.at("is_finished");
  RestartResult& result = each.result;
  result.iterations = j.at("iterations");
  result.stop = stop_names.named(j.at("stop"), "stop");
  result.refilled = j.at("refilled");
  result.course = j.at("course").get<std::vector<double>>();
  result.inertia = result.course.empty() ? HUGE_VAL : result.course.back();
  result.unsettled = j.at("unsettled");
  result.distances = j.at("distances");
  result.centroids = centroids_from(j.at("centroids"));
  result.seeding = seeding_from(j.at("seeding"));
  result.states = j.at("states").get<std::vector<std::uint64_t>>();
  result.joined = j.at("joined");
  if (j.contains("sums")) each.sums = sums_from(j.at("sums"));
  const bool has_passes = result.iterations > 0;
  const bool is_of_sample = result.stop == StopReason::joined || result.stop == StopReason::behind;
  if (result.course.size() != static_cast<std::size_t>(result.iterations) ||
      result.states.size() != result.course.size() || result.joined >= each.restart ||
      each.sums.has_value() != (has_passes && !each.is_finished) || (each.is_finished && !has_passes && !is_of_sample))
    throw std::invalid_argument("a restart that cannot be");
  return each;
}

}  // namespace

std::string describe(StopReason reason) {
  switch (reason) {
    case StopReason::fixed_point: return "no customer changed segment";
    case StopReason::tolerance: return "the inertia fell by less than " + core::field("tolerance");
    case StopReason::max_iterations: return core::field("max-iterations") + " was reached";
    case StopReason::losing: return "it was behind another restart by more than " + core::field("stop-losers");
    case StopReason::repeated: return "groupings repeat: what is left to move lies below the exact grid";
    case StopReason::joined: return "it met the grouping of an earlier restart or move";
    case StopReason::futile: return "it would hardly fall below the best";
    case StopReason::behind: return "on the sample it was farther behind another restart than chance explains";
  }
  return "";
}

std::string describe(const SeedingRecord& record, std::int64_t customers) {
  std::string text = name_of(record.drawn);
  if (record.customers == 0) return text;
  text += fmt::format(" on {} {} customers", record.customers == customers ? "all" : "a sample of",
                      core::with_commas(record.customers));
  if (record.starts > 1) text += fmt::format(", the better of {} starts", record.starts);
  if (record.moves.tried > 0)
    text += fmt::format(", {} moves tried, {} accepted", record.moves.tried, record.moves.accepted);
  return text;
}

std::string to_json(const FitProgress& progress) {
  json list = json::array();
  for (const RestartProgress& each : progress.restarts) list.push_back(to_json(each));
  return list.dump();
}

FitProgress progress_from_json(const std::string& text) {
  try {
    FitProgress progress;
    for (const json& each : json::parse(text)) progress.restarts.push_back(restart_from(each));
    return progress;
  } catch (const std::exception&) {
    throw core::Error(core::ExitCode::bad_data, "it does not hold the progress of fits");
  }
}

}  // namespace cardseg::cluster
