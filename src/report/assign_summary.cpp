#include "cardseg/report/assign_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr int digits_of_inertia = 10;

double per_mass(const cluster::SegmentTotals& totals) {
  return totals.total_mass() > 0 ? totals.total_inertia / totals.total_mass() : 0.0;
}

}  // namespace

Document assign_summary(const segments::Model& model, const AssignRun& run) {
  Document summary;
  summary.add(Facts{{{"assign", fmt::format("{} to {}", counted(run.rows.done, "customer"),
                                            counted(model.centroids.segments, "segment"))}}});
  summary.add(segment_table(run.totals, model.names, run.disclosure, run.rows.not_segmented));
  Facts facts;
  facts.facts = {{"inertia", fmt::format("{}; {} a customer, {} in the portfolio of the fit",
                                         shown_number(run.totals.total_inertia, digits_of_inertia),
                                         shown_number(per_mass(run.totals), digits_of_inertia),
                                         shown_number(per_mass(model.totals), digits_of_inertia))},
                 row_fact(run.rows, "labelled"),
                 {"columns", run.warnings.empty() ? "as they were at the fit" : "not all as they were at the fit:"}};
  for (const std::string& warning : run.warnings) facts.facts.push_back({"", warning});
  for (const Facts::Fact& fact : cost_facts(run.costs)) facts.facts.push_back(fact);
  facts.facts.push_back({"files", run.directory + "/labels/"});
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
