#include "cardseg/report/run_summary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

Table segment_table(const cluster::SegmentTotals& totals, const std::vector<segments::SegmentName>& names,
                    const profile::DisclosureOptions& disclosure, std::int64_t not_segmented) {
  const profile::Profile published = profile::disclosed_sizes(totals.customers, disclosure);
  Table table;
  table.columns = {{"segment", Format::count},
                   {"customers", Format::count},
                   {"share", Format::share, 2},
                   {"rms distance", Format::number, 4},
                   {"name", Format::text}};
  const auto all = static_cast<double>(totals.all_customers());
  for (std::size_t j = 0; j < totals.customers.size(); ++j) {
    const double mass = totals.mass[j];
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(static_cast<std::int64_t>(j + 1));
    const bool is_withheld = published.customers[j + 1].is_withheld;
    row.emplace_back(is_withheld ? Cell("withheld") : Cell(totals.customers[j]));
    row.emplace_back(is_withheld ? std::nan("") : all > 0 ? static_cast<double>(totals.customers[j]) / all : 0.0);
    row.emplace_back(mass > 0 && !is_withheld ? std::sqrt(totals.inertia[j] / mass) : std::nan(""));
    row.emplace_back(names[j].name);
  }
  if (not_segmented > 0)
    table.rows.push_back({std::int64_t{0}, not_segmented, std::nan(""), std::nan(""), "not segmented: filter"});
  return table;
}

std::string population_text(const portfolio::Population& population, std::int64_t rows) {
  return fmt::format("{} of {}: {}", shown_count(rows - population.not_segmented), counted(rows, "customer"),
                     population.filter);
}

Facts::Fact row_fact(const RowCounts& rows, const std::string& done_word) {
  const std::string not_segmented =
      rows.not_segmented > 0 ? fmt::format(" + {} not segmented by the filter", shown_count(rows.not_segmented)) : "";
  return {"rows", fmt::format("{} in = {} {}{} + {} rejected", shown_count(rows.in), shown_count(rows.done), done_word,
                              not_segmented, shown_count(rows.rejected))};
}

std::vector<Facts::Fact> cost_facts(const RunCosts& costs) {
  std::string times;
  for (const core::PhaseTime& phase : costs.phases)
    times += fmt::format("{}{} {}/{}/{}", times.empty() ? "" : ", ", phase.name, shown_fixed(phase.min_s, 2),
                         shown_fixed(phase.mean_s, 2), shown_fixed(phase.max_s, 2));
  const std::string planned = costs.planned_s > 0 ? "; planned " + shown_fixed(costs.planned_s, 1) + " s" : "";
  std::vector<Facts::Fact> facts = {
      {"time", fmt::format("{} s (min/mean/max over {}), {} s in all{}", times, counted(costs.ranks, "rank"),
                           shown_fixed(costs.elapsed_s, 1), planned)},
      {"memory", fmt::format("peak {} on the largest rank, {} on all; planned {} on the largest",
                             shown_megabytes(costs.peak_rank_bytes), shown_megabytes(costs.peak_bytes),
                             shown_megabytes(costs.planned_rank_bytes))}};
  if (!costs.features.empty()) facts.push_back({"features", costs.features});
  return facts;
}

}  // namespace cardseg::report
