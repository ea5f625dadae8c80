#include "cardseg/segments/make_model.hpp"

#include "cardseg/core/version.hpp"

namespace cardseg::segments {

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
  const cluster::RestartResult& best = fit.result.best();
  model.fit = {fit.options,
               static_cast<int>(fit.result.restarts.size()),
               fit.result.best_restart,
               fit.result.iterations,
               name_of(fit.result.stop),
               fit.result.reached,
               fit.result.refitted_from,
               fit.bound,
               describe(best.seeding, fit.result.customers)};
  model.population = fit.population;
  return model;
}

}  // namespace cardseg::segments
