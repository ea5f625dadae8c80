// cardseg validate: everything that fit checks before it iterates, and nothing written.
//
//   cardseg validate --shards shards/
#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/shards_summary.hpp"
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
  if (!schema.id().empty()) portfolio::check_unique_ids(c.comm, shards, schema.id());
  portfolio::check_any_used(shards, schema.most_features());
  report::Validated validated;
  validated.rows = shards.rows();
  for (const portfolio::Column& column : schema.columns) validated.columns.push_back({column, {}, {}});
  for (portfolio::FittedColumn& fitted : validated.columns) {
    if (!fitted.is_feature()) continue;
    const portfolio::Column& column = fitted.column;
    std::vector<double> values = portfolio::read_raw_column(c.comm, shards, column.name);
    fitted.facts = portfolio::compute_raw_facts(c.comm, values);
    fitted.encoder = portfolio::fit_number_encoder(c.comm, column.name, column.settings, fitted.facts, values);
  }
  portfolio::check_any_used(shards, validated.used());
  const plan::MemoryPlan plan =
      plan::plan_memory(c, o.memory, "", {shards.rows(), schema.most_features(), o.features.precision});
  validated.storage = plan.text();
  validated.rank_bytes = plan.rank_bytes;
  c.console.print(report::console_text(report::validate_summary(validated)));
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
