#include "cardseg/monitor/outcome_tables.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "cardseg/core/number_text.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"

namespace cardseg::monitor {
namespace {

using json = nlohmann::ordered_json;

const std::vector<std::string>& log_columns() {
  static const std::vector<std::string> columns = {"campaign", "segment", "target_rate", "holdout_rate",
                                                   "uplift",   "low",     "high",        "effect"};
  return columns;
}

json number(double value) { return std::isfinite(value) ? json(value) : json(); }

json group_json(const GroupOutcome& group, bool has_values) {
  json made = {{"customers", group.responses.customers},
               {"responses", group.responses.hits},
               {"rate", number(group.responses.share())}};
  if (has_values) made["mean_value"] = number(group.mean_value);
  return made;
}

}  // namespace

bool ToldOutcome::is_withheld(const SegmentOutcome& segment) const {
  const auto is_few = [&](const GroupOutcome& group) {
    return group.responses.customers > 0 && group.responses.customers < min_cell;
  };
  return is_few(segment.target) || is_few(segment.holdout);
}

std::string outcome_csv(const ToldOutcome& outcome) {
  io::CsvWriter table({"segment", "target_customers", "target_responses", "target_rate", "holdout_customers",
                       "holdout_responses", "holdout_rate", "uplift", "low", "high", "detectable", "effect",
                       "value_uplift", "value_low", "value_high"});
  const double none = std::nan("");
  for (const SegmentOutcome& each : outcome.segments) {
    if (outcome.is_withheld(each)) {
      std::vector<io::CsvValue> row(15);
      row.front() = std::int64_t{each.segment};
      table.add_row(row);
      continue;
    }
    const bool has_values = outcome.has_values;
    table.add_row({std::int64_t{each.segment}, each.target.responses.customers, each.target.responses.hits,
                   each.target.responses.share(), each.holdout.responses.customers, each.holdout.responses.hits,
                   each.holdout.responses.share(), each.uplift, each.interval.low, each.interval.high, each.detectable,
                   std::string(name_of(each.effect)), has_values ? each.value_uplift : none,
                   has_values ? each.value_interval.low : none, has_values ? each.value_interval.high : none});
  }
  return table.text();
}

std::string outcome_json(const ToldOutcome& outcome) {
  json made = {{"campaign", outcome.campaign},
               {"level", 0.95},
               {"interval", "Newcombe 1998, method 10"},
               {"power", 0.8},
               {"segments", json::array()}};
  for (const SegmentOutcome& each : outcome.segments) {
    json& entry = made["segments"].emplace_back(json{{"segment", each.segment}});
    if (outcome.is_withheld(each)) {
      entry["is_withheld"] = true;
      continue;
    }
    entry["target"] = group_json(each.target, outcome.has_values);
    entry["holdout"] = group_json(each.holdout, outcome.has_values);
    entry["uplift"] = number(each.uplift);
    entry["low"] = number(each.interval.low);
    entry["high"] = number(each.interval.high);
    entry["detectable"] = number(each.detectable);
    entry["effect"] = name_of(each.effect);
    if (!outcome.has_values) continue;
    entry["value_uplift"] = number(each.value_uplift);
    entry["value_low"] = number(each.value_interval.low);
    entry["value_high"] = number(each.value_interval.high);
  }
  return made.dump(1) + "\n";
}

std::vector<LoggedOutcome> read_outcome_log(const std::filesystem::path& path) {
  std::vector<LoggedOutcome> log;
  std::error_code unreachable;
  if (!std::filesystem::exists(path, unreachable)) return log;
  const std::string text = io::read_file(path);
  io::CsvReader reader(text);
  io::CsvRecord record;
  const auto refuse = [&](int line) {
    throw core::Error(core::ExitCode::bad_data,
                      "line " + std::to_string(line) + ": it is no line of a log of campaigns")
        .in_file(path.string())
        .remedy("Name a log that 'cardseg outcome' wrote, or a file that is not there yet");
  };
  if (!reader.next(record) || record.fields != log_columns()) refuse(1);
  while (reader.next(record)) {
    if (record.fields.size() != log_columns().size()) refuse(record.line);
    const std::vector<std::string>& f = record.fields;
    log.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]});
  }
  return log;
}

std::vector<LoggedOutcome> logged(const ToldOutcome& outcome) {
  std::vector<LoggedOutcome> log;
  for (const SegmentOutcome& each : outcome.segments) {
    LoggedOutcome line{outcome.campaign, std::to_string(each.segment), {}, {}, {}, {}, {}, {}};
    if (!outcome.is_withheld(each))
      line = {outcome.campaign,
              std::to_string(each.segment),
              core::number_text(each.target.responses.share()),
              core::number_text(each.holdout.responses.share()),
              core::number_text(each.uplift),
              core::number_text(each.interval.low),
              core::number_text(each.interval.high),
              name_of(each.effect)};
    log.push_back(std::move(line));
  }
  return log;
}

std::string outcome_log_csv(const std::vector<LoggedOutcome>& log) {
  io::CsvWriter table(log_columns());
  for (const LoggedOutcome& line : log)
    table.add_row({line.campaign, line.segment, line.target_rate, line.holdout_rate, line.uplift, line.low, line.high,
                   line.effect});
  return table.text();
}

}  // namespace cardseg::monitor
