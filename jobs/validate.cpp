// cardseg validate: everything that fit checks before it iterates, and nothing written.
//
//   cardseg validate --shards shards/
//   mpirun -n 2 cardseg validate --shards shards/ --description portfolio.ini
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

core::ExitCode run(const Options& o, Context& c) {
  comm::agree(c.comm, [&] {
    validate(o.input);
    validate(o.memory);
  });
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const portfolio::ResolvedDescription resolved =
      comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  if (!resolved.id.empty()) portfolio::check_unique_ids(c.comm, shards, resolved.id);
  portfolio::check_any_used(shards, static_cast<int>(resolved.features.size()));
  report::Validated validated;
  validated.rows = shards.rows();
  validated.id = resolved.id;
  validated.text_columns = resolved.text_columns;
  for (const portfolio::ColumnDescription& description : resolved.features) {
    std::vector<double> values = portfolio::read_raw_column(c.comm, shards, description.name);
    const portfolio::RawFacts facts = portfolio::compute_raw_facts(c.comm, values);
    validated.features.push_back({portfolio::fit_encoder(c.comm, description, facts, values), facts});
  }
  portfolio::check_any_used(shards, validated.used());
  const plan::MemoryPlan plan = plan::plan_memory(
      c, o.memory, "", {shards.rows(), static_cast<int>(resolved.features.size()), o.features.precision});
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
          .describe =
              [options](auto& all) {
                describe(all, options->input);
                describe(all, options->features);
                describe(all, options->memory);
              },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
