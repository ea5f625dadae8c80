#include "cardseg/run/check_portfolio.hpp"

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/warning_notes.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/portfolio/column_portrait.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/portfolio/raw_values.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/roles_summary.hpp"
#include "cardseg/report/starter_description.hpp"
#include "cardseg/run/portfolio_schema.hpp"

namespace cardseg::run {
namespace {

portfolio::FittedColumn fit_column(cli::Context& c, const io::ShardSet& shards, const portfolio::Column& column,
                                   portfolio::CodeUse& codes) {
  const comm::Communicator& comm = c.comm;
  if (column.role != portfolio::Role::feature) return {column, {}, {}};
  portfolio::RawColumn read = portfolio::read_raw_column(comm, shards, column);
  codes.add(column, read.replaced);
  portfolio::FittedColumn fitted{column, {}, {}};
  const portfolio::RawFacts raw =
      portfolio::fit_column(comm, read.values, portfolio::compute_local_facts(read.values), fitted);
  const int index = shards.column_index(column.name);
  if (!column.has_levels())
    portfolio::warn_of_odd_numbers(shards.columns()[static_cast<std::size_t>(index)], raw, c.console);
  return fitted;
}

}  // namespace

std::vector<report::InspectedColumn> inspect_columns(cli::Context& context, const io::ShardSet& shards) {
  std::vector<report::InspectedColumn> columns;
  for (const io::StoredColumn& column : shards.columns()) {
    report::InspectedColumn& inspected =
        columns.emplace_back(report::InspectedColumn{column.name, column.stored_type, {}, {}});
    if (column.type == io::ColumnType::text) continue;
    const portfolio::RawColumn raw = portfolio::read_raw_column(context.comm, shards, column.name);
    inspected.facts = portfolio::compute_raw_facts(context.comm, raw.values);
    inspected.range = portfolio::compute_column_facts(context.comm, raw.values, *inspected.facts).range;
  }
  return columns;
}

cli::OptionTables describe(CheckOptions& o) {
  return {describe(o.input), describe(o.features), describe(o.disclosure), describe(o.memory)};
}

report::Validated check_portfolio(cli::Context& c, const CheckOptions& o) {
  comm::agree(c.comm, [&] {
    validate(o.input);
    validate(o.disclosure);
    validate(o.memory);
  });
  io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const portfolio::Schema schema = portfolio_schema(c.comm, o.features, o.disclosure, shards, c.console);
  if (!schema.id().empty()) portfolio::check_unique_ids(c.comm, shards.selected(nullptr), schema.id(), c.console);
  portfolio::check_any_used(shards, schema.most_features());
  report::Validated validated;
  validated.rows = shards.rows();
  validated.population = schema.population;
  portfolio::CodeUse codes;
  for (const portfolio::Column& column : schema.columns)
    validated.columns.push_back(fit_column(c, shards, column, codes));
  codes.warn(c.comm, c.console);
  portfolio::check_any_used(shards, validated.used());
  const plan::MemoryPlan plan =
      plan::plan_memory(c, o.memory, "", {shards.rows(), schema.most_features(), o.features.precision});
  validated.storage = plan.text();
  validated.rank_bytes = plan.rank_bytes;
  return validated;
}

std::string describe_portfolio(cli::Context& c, const cli::InputOptions& o) {
  comm::agree(c.comm, [&] { validate(o); });
  io::ShardSet shards(c.comm, {o.shards.begin(), o.shards.end()}, cli::read_options(o));
  const portfolio::Schema schema = portfolio_schema(c.comm, {}, {}, shards, c.console);
  return report::starter_description(portfolio::portray_columns(c.comm, shards, schema), shards.rows());
}

io::ShardSet open_scored(cli::Context& c, const cli::InputOptions& o, const segments::Model& model) {
  const io::ShardSet all(c.comm, {o.shards.begin(), o.shards.end()}, cli::read_options(o));
  comm::agree(c.comm, [&] { segments::check_schema(model, all); });
  io::ShardSet selected = portfolio::select_population(c.comm, all, model.population);
  if (all.rows() > 0 && selected.rows() == 0)
    c.console.warning("the model's filter selects none of these customers: all of them are in segment 0");
  return selected;
}

std::vector<std::string> check_scored(cli::Context& c, const segments::Model& model, const io::ShardSet& shards) {
  core::WarningNotes notes(c.console);
  c.console.print(report::console_text(report::roles_summary(model, shards)));
  if (!model.id_column().empty())
    portfolio::check_unique_ids(c.comm, shards.selected(nullptr), model.id_column(), notes,
                                portfolio::IdChosenBy::model);
  return notes.warnings();
}

}  // namespace cardseg::run
