#include "cardseg/report/roles_summary.hpp"

#include <algorithm>

#include "cardseg/report/run_summary.hpp"

namespace cardseg::report {
namespace {

Document summary_of(Facts facts) {
  Document summary;
  summary.add(std::move(facts));
  return summary;
}

void add_population(Facts& facts, const portfolio::Population& population, std::int64_t rows) {
  if (!population.is_everybody()) facts.facts.push_back({"filter", population_text(population, rows)});
}

}  // namespace

std::string shown_id(const std::string& id) { return id.empty() ? "none: rows are numbered" : id; }

Document roles_summary(const portfolio::Schema& schema, std::int64_t rows) {
  Facts facts{{{"id", shown_id(schema.id())}}};
  add_population(facts, schema.population, rows);
  for (const portfolio::Column& column : schema.columns)
    if (!column.reason.empty()) facts.facts.push_back({"left out", column.name + " (" + column.reason + ")"});
  return summary_of(std::move(facts));
}

Document roles_summary(const segments::Model& model, const io::ShardSet& shards) {
  Facts facts{{{"id", shown_id(model.id_column())}}};
  portfolio::Population population = model.population;
  population.not_segmented = shards.all_rows() - shards.rows();  // the model knows those of its fit
  add_population(facts, population, shards.all_rows());
  for (const io::StoredColumn& column : shards.columns()) {
    const auto known = std::ranges::find(model.columns, column.name,
                                         [](const portfolio::FittedColumn& each) { return each.column.name; });
    if (known == model.columns.end())
      facts.facts.push_back({"left out", column.name + " (not in the model)"});
    else if (!known->column.reason.empty())
      facts.facts.push_back({"left out", column.name + " (" + known->column.reason + ")"});
  }
  return summary_of(std::move(facts));
}

}  // namespace cardseg::report
