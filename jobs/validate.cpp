// cardseg validate: everything that fit checks before it iterates, and nothing written.
//
//   cardseg validate --shards shards/
#include <fmt/format.h>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/run/run_record.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

using cli::Context;

struct Options {
  cli::InputOptions input;
  cli::FeatureOptions features;
  plan::MemoryOptions memory;
};

cli::OptionTables describe(Options& o) { return {describe(o.input), describe(o.features), describe(o.memory)}; }

core::ExitCode run(const Options& o, Context& c) {
  comm::agree(c.comm, [&] {
    validate(o.input);
    validate(o.memory);
  });
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const portfolio::Schema schema = comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  const std::string id = schema.id();
  c.console.print(fmt::format("id       {}", id.empty() ? "none: rows are numbered" : id));
  if (!id.empty()) portfolio::check_unique_ids(c.comm, shards, id);
  portfolio::check_any_used(shards, schema.most_features());
  int used = 0;
  for (const portfolio::Column* column : schema.with_role(portfolio::Role::feature)) {
    const portfolio::ColumnSettings& settings = column->settings;
    std::vector<double> values = portfolio::read_raw_column(c.comm, shards, column->name);
    const portfolio::RawFacts facts = portfolio::compute_raw_facts(c.comm, values);
    const portfolio::Encoder encoder = portfolio::fit_number_encoder(c.comm, column->name, settings, facts, values);
    const bool is_used = portfolio::width(encoder) > 0;
    used += is_used ? 1 : 0;
    c.console.print(fmt::format("feature  {}: {}, {}, missing {} ({}), weight {:g}{}", column->name,
                                name_of(settings.transform), name_of(settings.scale), name_of(settings.missing),
                                core::with_commas(facts.missing), settings.weight,
                                is_used ? "" : "; constant or without weight, not used"));
  }
  for (const portfolio::Column* column : schema.with_role(portfolio::Role::unused))
    c.console.print(fmt::format("unused   {} ({})", column->name, column->reason));
  portfolio::check_any_used(shards, used);
  const plan::MemoryPlan plan =
      plan::plan_memory(c, o.memory, "", {shards.rows(), schema.most_features(), o.features.precision});
  c.console.print(fmt::format("memory   a fit keeps its features {}, {} on the largest rank at most", plan.text(),
                              core::megabytes(plan.rank_bytes)));
  c.console.print(fmt::format("valid    {} customers, {} features", core::with_commas(shards.rows()), used));
  return core::ExitCode::done;
}

}  // namespace

cli::Job validate_job() {
  const auto options = std::make_shared<Options>();
  return {.name = "validate",
          .summary = "check shards and description without fitting",
          .explanation = "Reads every feature column as fit would and reports how it will be prepared. Writes nothing.",
          .examples = {"cardseg validate --shards shards/",
                       "mpirun -n 2 cardseg validate --shards shards/ --description portfolio.ini"},
          .positional = "",
          .uses_mpi = true,
          .describe = [options] { return describe(*options); },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
