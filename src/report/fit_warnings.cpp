#include "cardseg/report/fit_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr std::size_t most_named = 10;

// "segment 7 has 3 customers", "segments 7 and 8 have fewer than 10 customers, the smallest 3"
std::string small_segments_text(const segments::Model& model, std::int64_t min_cell) {
  std::vector<std::string> small;
  const std::vector<std::int64_t>& customers = model.totals.customers;
  for (std::size_t j = 0; j < customers.size(); ++j)
    if (customers[j] < min_cell) small.push_back(std::to_string(j + 1));
  if (small.empty()) return "";
  const std::int64_t smallest = std::ranges::min(customers);
  const std::string consequence = "too few to act on, and averages of so few can give away single customers";
  if (small.size() == 1)
    return fmt::format("segment {} has {}, fewer than {}: {}", small.front(), counted(smallest, "customer"), min_cell,
                       consequence);
  const std::string which = small.size() <= most_named
                                ? fmt::format("segments {} have", core::all_of(small))
                                : fmt::format("{} segments have", shown_count(std::ssize(small)));
  return fmt::format("{} fewer than {} customers, the smallest {}: {}", which, min_cell, shown_count(smallest),
                     consequence);
}

}  // namespace

core::OptionTable describe(ReportOptions& o) {
  return {"Report",
          {core::number(o.min_cell, {1, 1'000'000},
                        {"min-cell", "N", core::Shapes::result, "customers; segments of fewer are warned of"})}};
}

void validate(const ReportOptions& options) {
  ReportOptions checked = options;
  core::validate(describe(checked));
}

std::vector<std::string> fit_warnings(const segments::Model& model, const ReportOptions& options) {
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

}  // namespace cardseg::report
