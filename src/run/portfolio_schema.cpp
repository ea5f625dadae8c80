#include "cardseg/run/portfolio_schema.hpp"

#include "cardseg/comm/agree.hpp"
#include "cardseg/io/hidden_damage.hpp"
#include "cardseg/portfolio/id_like_columns.hpp"
#include "cardseg/portfolio/learn_levels.hpp"

namespace cardseg::run {

portfolio::Schema portfolio_schema(const comm::Communicator& comm, const cli::FeatureOptions& options,
                                   const profile::DisclosureOptions& disclosure, io::ShardSet& shards,
                                   core::Events& events) {
  portfolio::Schema schema = comm::agree(comm, [&] { return resolve(options, shards.columns()); });
  shards = portfolio::select_population(comm, shards, schema.population);
  comm::agree(comm, [&] { portfolio::check_any_selected("portfolio.filter", shards); });
  schema.population.not_segmented = shards.all_rows() - shards.rows();
  for (portfolio::Column& column : schema.columns) column.settings.least_customers = disclosure.min_cell;
  if (const std::string hidden = io::hidden_damage(shards); !hidden.empty()) events.info(hidden);
  schema = portfolio::learn_levels(comm, shards, std::move(schema), events);
  return portfolio::leave_out_id_like(comm, shards, std::move(schema), events);
}

}  // namespace cardseg::run
