#include "cardseg/report/scaling_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

using scaling::ScalingForecast;
using scaling::ScalingKind;
using scaling::ScalingModel;
using scaling::ScalingPoint;
using scaling::ScalingStudy;
using scaling::ScalingSummary;

std::string ms(double s) { return shown_number(1e3 * s); }
std::string us(double s) { return shown_number(1e6 * s); }

Table point_table(const ScalingStudy& study) {
  Table table;
  table.columns = {{"ranks", Format::count},
                   {"cores", Format::count},
                   {"shared", Format::text},
                   {"customers", Format::count},
                   {"ms an iteration", Format::number, 4},
                   {"fastest", Format::number, 4},
                   {"slowest", Format::number, 4},
                   {"assign", Format::number, 4},
                   {"communicate", Format::number, 4},
                   {"update", Format::number, 3},
                   {"speed-up", Format::fixed, 2},
                   {"efficiency", Format::fixed, 2},
                   {"imbalance", Format::fixed, 2},
                   {"calls", Format::number, 3},
                   {"bytes", Format::fixed, 0}};
  for (std::size_t i = 0; i < study.points.size(); ++i) {
    const ScalingPoint& point = study.points[i];
    const ScalingSummary& s = study.summaries[i];
    table.rows.push_back({point.ranks, point.placement.cores, point.placement.is_crowded ? "yes" : "", point.customers,
                          1e3 * s.median_s, 1e3 * s.min_s, 1e3 * s.max_s, 1e3 * s.assign_s, 1e3 * s.communicate_s,
                          1e3 * s.update_s, s.speedup, s.efficiency, s.imbalance, point.messages, point.bytes});
  }
  return table;
}

std::vector<Facts::Fact> model_facts(const ScalingModel& model) {
  std::string ranks;
  for (int each : model.fitted_ranks) ranks += (ranks.empty() ? "" : ", ") + shown_count(each);
  return {{"model",
           fmt::format("{} ps * customers * features * segments / ranks{}{}", shown_number(1e12 * model.comparison_s),
                       model.has_fixed ? " + " + us(model.fixed_s) + " us" : "",
                       model.has_steps ? " + " + us(model.step_s) + " us * ceil(log2 ranks)" : "")},
          {"", fmt::format("fit to {} ranks, off by {} %", ranks, shown_fixed(100 * model.relative_error, 1))}};
}

Facts::Fact forecast_fact(const ScalingForecast& far) {
  return {"at", fmt::format("{} it says {} ms ({} to {}), efficiency {}", counted(far.ranks, "rank"),
                            ms(far.iteration_s), ms(far.low_s), ms(far.high_s), shown_fixed(far.efficiency, 2))};
}

}  // namespace

Document scaling_summary(const ScalingStudy& study, const std::string& directory) {
  const scaling::ScalingOptions& options = study.options;
  Document summary;
  summary.add(
      Facts{{{"scaling",
              fmt::format("{}, {}, {}, {}, {}, {}", name_of(options.kind), counted(study.features, "feature"),
                          counted(options.fit.segments, "segment"), name_of(options.fit.algorithm),
                          counted(study.points.back().iterations, "iteration"), counted(options.repeats, "repeat"))}}});
  summary.add(point_table(study));
  Facts facts{model_facts(study.model)};
  facts.facts.push_back(forecast_fact(study.forecasts.back()));
  const std::size_t fits = study.points.size() * study.points.front().runs.size();
  facts.facts.push_back(
      {"bytes", fmt::format("the same centroids in all {}{}", counted(static_cast<std::int64_t>(fits), "fit"),
                            options.kind == ScalingKind::weak ? " of each number of customers" : "")});
  facts.facts.push_back({"files", fmt::format("{0}/scaling.svg, {0}/scaling.csv, {0}/scaling.json", directory)});
  facts.facts.push_back({"next", "cardseg plan --shards SHARDS --segments K --ranks N"});
  summary.add(facts);
  return summary;
}

std::vector<std::string> scaling_warnings(const ScalingStudy& study) {
  std::vector<std::string> warnings;
  for (const ScalingPoint& point : study.points) {
    const comm::Placement& placement = point.placement;
    if (!placement.is_crowded) continue;
    const std::string threads = placement.threads > point.ranks ? " with " + counted(placement.threads, "thread") : "";
    warnings.push_back(counted(point.ranks, "rank") + threads + " on " + counted(placement.cores, "core") +
                       ": this shows correctness and messages, not speed");
  }
  if (study.model.is_of_crowded)
    warnings.emplace_back("the model had to be fit to ranks that share cores: its forecast says nothing of a cluster");
  return warnings;
}

}  // namespace cardseg::report
