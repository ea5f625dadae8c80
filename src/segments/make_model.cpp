#include "cardseg/segments/make_model.hpp"

namespace cardseg::segments {
namespace {

std::string reason_unused(const portfolio::FittedColumn& column) {
  if (column.encoder.description.weight == 0.0) return "weight 0";
  return column.facts.min == column.facts.max ? "constant" : "no spread";
}

}  // namespace

Model make_model(const portfolio::ResolvedDescription& description, const std::vector<portfolio::FittedColumn>& columns,
                 const io::ShardSet& shards, const cluster::FitOptions& options, const cluster::FitResult& fitted,
                 const SegmentTotals& totals, portfolio::Precision precision) {
  Model model;
  model.precision = precision;
  model.id_column = description.id;
  for (const portfolio::FittedColumn& column : columns) {
    const std::string& name = column.encoder.description.name;
    const auto index = static_cast<std::size_t>(shards.column_index(name));
    if (column.is_used()) {
      model.features.push_back({column.encoder, shards.columns()[index].stored_type, column.facts});
    } else {
      model.unused.push_back({name, reason_unused(column)});
    }
  }
  for (const std::string& name : description.text_columns) model.unused.push_back({name, "text"});
  model.centroids = fitted.centroids;
  model.customers = totals.customers;
  model.segment_inertia = totals.inertia;
  model.inertia = totals.total_inertia;
  const cluster::RestartResult& best = fitted.restarts[static_cast<std::size_t>(fitted.best_restart)];
  model.fit = {name_of(options.seeding), options.seed,          static_cast<int>(fitted.restarts.size()),
               fitted.best_restart,      best.iterations,       name_of(best.stop),
               options.tolerance,        options.max_iterations};
  return model;
}

}  // namespace cardseg::segments
