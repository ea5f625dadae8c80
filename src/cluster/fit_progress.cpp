#include "cardseg/cluster/fit_progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::cluster {
namespace {

using json = nlohmann::json;

constexpr std::int64_t most_of_job = std::int64_t{1} << 30;  // segments, features, iterations, moves

// A whole number in a range: JSON's are cut to an int otherwise, and what is then not there would be reached for.
int count_at(const json& j, const char* key, std::int64_t least = 0) {
  const json& number = j.at(key);
  if (!number.is_number_integer()) throw std::invalid_argument("no whole number");
  const auto value = number.get<std::int64_t>();
  if (value < least || value > most_of_job) throw std::invalid_argument("a number out of range");
  return static_cast<int>(value);
}

std::int64_t large_count_at(const json& j, const char* key) {
  const auto value = j.at(key).get<std::int64_t>();
  if (value < 0) throw std::invalid_argument("a count below 0");
  return value;
}

// Of a table of segments x features with `cells` values: both are known to fit before memory is taken.
void check_shape(const json& j, std::size_t cells) {
  const auto segments = static_cast<std::size_t>(count_at(j, "segments", 1));
  const auto features = static_cast<std::size_t>(count_at(j, "features", 1));
  if (cells % segments != 0 || cells / segments != features) throw std::invalid_argument("wrong number of values");
}

json to_json(const Centroids& centroids) {
  return {{"segments", centroids.segments}, {"features", centroids.features}, {"values", centroids.values}};
}

Centroids centroids_from(const json& j) {
  auto values = j.at("values").get<std::vector<double>>();
  check_shape(j, values.size());
  Centroids centroids(count_at(j, "segments"), count_at(j, "features"));
  centroids.values = std::move(values);
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
  const auto limbs = j.at("limbs").get<std::vector<std::int64_t>>();
  check_shape(j, limbs.size() / 2);
  SegmentSums sums(count_at(j, "segments"), count_at(j, "features"));
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
  record.customers = large_count_at(j, "customers");
  record.starts = j.contains("starts") ? count_at(j, "starts", 1) : 1;
  record.moves = {count_at(j, "tried"), count_at(j, "accepted"), j.at("gained")};
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
  each.fit = count_at(j, "fit");
  each.restart = count_at(j, "restart");
  each.refitted_from = j.contains("refitted_from") ? count_at(j, "refitted_from") : 0;
  each.is_finished = j.at("is_finished");
  RestartResult& result = each.result;
  result.iterations = count_at(j, "iterations");
  result.stop = stop_names.named(j.at("stop"), "stop");
  result.refilled = count_at(j, "refilled");
  result.course = j.at("course").get<std::vector<double>>();
  result.inertia = result.course.empty() ? HUGE_VAL : result.course.back();
  result.unsettled = large_count_at(j, "unsettled");
  result.distances = large_count_at(j, "distances");
  result.centroids = centroids_from(j.at("centroids"));
  result.seeding = seeding_from(j.at("seeding"));
  result.states = j.at("states").get<std::vector<std::uint64_t>>();
  result.joined = count_at(j, "joined", -1);
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
