#include "cardseg/report/fit_warnings.hpp"

#include <fmt/format.h>

#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr std::size_t most_named = 10;

// "segment 7 has fewer than 10 customers", "segments 7 and 8 have ..."; not how many.
std::string small_segments_text(const segments::Model& model, std::int64_t min_cell) {
  std::vector<std::string> small;
  const std::vector<std::int64_t>& customers = model.totals.customers;
  for (std::size_t j = 0; j < customers.size(); ++j)
    if (customers[j] < min_cell) small.push_back(std::to_string(j + 1));
  if (small.empty()) return "";
  const std::string which = small.size() == 1            ? "segment " + small.front() + " has"
                            : small.size() <= most_named ? fmt::format("segments {} have", core::all_of(small))
                                                         : shown_count(std::ssize(small)) + " segments have";
  return fmt::format("{} fewer than {}: too few to act on, and averages of so few can give away single customers",
                     which, counted(min_cell, "customer"));
}

}  // namespace

std::vector<std::string> fit_warnings(const segments::Model& model, const profile::DisclosureOptions& options) {
  std::vector<std::string> warnings;
  const segments::FitRecord& fit = model.fit;
  if (fit.stop == name_of(cluster::StopReason::max_iterations))
    warnings.push_back(
        fmt::format("the fit stopped at its limit of {}, while customers still changed segments: allow more of them",
                    counted(fit.iterations, "iteration")));
  const std::string small = small_segments_text(model, options.min_cell);
  if (!small.empty()) warnings.push_back(small);
  if (fit.restarts > 1 && fit.reached == 1)
    warnings.push_back(
        fmt::format("only one of {} restarts came to the least inertia: more restarts may find a lower one",
                    shown_count(fit.restarts)));
  if (fit.refitted_from > 0)
    warnings.push_back(
        fmt::format("its restarts came to a higher inertia than {} have, so it was fitted again from those: more "
                    "restarts may find a lower one",
                    counted(fit.refitted_from, "segment")));
  else if (fit.restarts > 1 && fit.reached == 0)
    warnings.push_back(
        fmt::format("moves between segments found the least inertia, and none of {} restarts came to it: more "
                    "restarts may find a lower one",
                    shown_count(fit.restarts)));
  return warnings;
}

std::vector<std::string> merge_warnings(const std::vector<cluster::MergedSegment>& merged,
                                        const std::string& min_segment, const profile::DisclosureOptions& options) {
  const auto size_of = [&](std::int64_t customers) {
    return customers < options.min_cell ? "fewer than " + counted(options.min_cell, "customer")
                                        : counted(customers, "customer");
  };
  std::vector<std::string> warnings;
  for (const cluster::MergedSegment& each : merged)
    warnings.push_back(
        fmt::format("a segment of {} was smaller than {}: it was merged into a neighbour of {}, which raised the "
                    "inertia by {}, and "
                    "the fit went on with one segment less",
                    size_of(each.customers), min_segment, size_of(each.into), shown_number(each.cost)));
  return warnings;
}

}  // namespace cardseg::report
