// cardseg validate: everything that fit checks before it iterates, and nothing written.
//
//   cardseg validate --shards shards/
//   mpirun -n 2 cardseg validate --shards shards/ --description portfolio.ini
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
  const portfolio::ResolvedDescription resolved =
      comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  c.console.print(fmt::format("id       {}", resolved.id.empty() ? "none: rows are numbered" : resolved.id));
  if (!resolved.id.empty()) portfolio::check_unique_ids(c.comm, shards, resolved.id);
  portfolio::check_any_used(shards, static_cast<int>(resolved.features.size()));
  int used = 0;
  for (const portfolio::ColumnDescription& description : resolved.features) {
    std::vector<double> values = portfolio::read_raw_column(c.comm, shards, description.name);
    const portfolio::RawFacts facts = portfolio::compute_raw_facts(c.comm, values);
    const portfolio::ColumnEncoder encoder = portfolio::fit_encoder(c.comm, description, facts, values);
    used += encoder.factor > 0 ? 1 : 0;
    c.console.print(fmt::format("feature  {}: {}, {}, missing {} ({}), weight {:g}{}", description.name,
                                name_of(description.transform), name_of(description.scale),
                                name_of(description.missing), core::with_commas(facts.missing), description.weight,
                                encoder.factor > 0 ? "" : "; constant or without weight, not used"));
  }
  for (const std::string& name : resolved.text_columns) c.console.print(fmt::format("unused   {} (text)", name));
  portfolio::check_any_used(shards, used);
  const plan::MemoryPlan plan = plan::plan_memory(
      c, o.memory, "", {shards.rows(), static_cast<int>(resolved.features.size()), o.features.precision});
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
