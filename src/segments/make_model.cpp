#include "cardseg/segments/make_model.hpp"

#include <algorithm>

#include "cardseg/core/version.hpp"

namespace cardseg::segments {
namespace {

constexpr double about_the_same = 1e-4;  // share of the inertia

int restarts_reaching(const cluster::FitResult& result) {
  const double most = result.best().inertia * (1 + about_the_same);
  return static_cast<int>(std::ranges::count_if(
      result.restarts, [most](const cluster::RestartResult& each) { return each.inertia <= most; }));
}

}  // namespace

Model make_model(const FinishedFit& fit) {
  Model model;
  model.precision = fit.precision;
  model.columns = fit.columns;
  model.layout = portfolio::FeatureLayout(model.columns);
  model.centroids = fit.result.centroids;
  model.totals = fit.totals;
  for (int j = 1; j <= model.segments(); ++j)
    model.names.push_back({std::to_string(j), "Segment " + std::to_string(j)});
  model.program = {core::version(), core::commit()};
  const cluster::RestartResult& best = fit.result.restarts[static_cast<std::size_t>(fit.result.best_restart)];
  model.fit = {fit.options,
               static_cast<int>(fit.result.restarts.size()),
               fit.result.best_restart,
               best.iterations,
               name_of(best.stop),
               restarts_reaching(fit.result),
               describe(best.seeding, fit.result.customers)};
  return model;
}

}  // namespace cardseg::segments
