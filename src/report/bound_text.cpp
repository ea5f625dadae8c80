#include "cardseg/report/bound_text.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr double least_share = 0.1;  // of the inertia; less says nothing

}  // namespace

std::string bound_text(const segments::Model& model) {
  const std::optional<cluster::InertiaBound>& bound = model.fit.bound;
  if (!bound) return "";
  const double share = bound->least / model.totals.total_inertia;
  if (!(share >= least_share && share <= 1)) return "";
  return fmt::format("no grouping into {} can lie below {} ({} of it){}", counted(model.segments(), "segment"),
                     shown_number(bound->least), shown_share(share),
                     bound->is_estimate ? ", as a sample of the customers suggests" : "");
}

std::string inertia_and_bound_text(const segments::Model& model) {
  const std::string bound = bound_text(model);
  return bound.empty() ? "" : fmt::format("inertia {}; {}", shown_number(model.totals.total_inertia, 10), bound);
}

}  // namespace cardseg::report
