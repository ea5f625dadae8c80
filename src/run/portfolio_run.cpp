#include "cardseg/run/portfolio_run.hpp"

#include "cardseg/cli/stop_signals.hpp"
#include "cardseg/cluster/refined_seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/interruption.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/roles_summary.hpp"
#include "cardseg/run/portfolio_schema.hpp"
#include "cardseg/run/run_directory.hpp"

namespace cardseg::run {
namespace {

io::ShardSet open_shards(cli::Context& context, const cli::InputOptions& input) {
  context.phases.begin("headers");
  return {context.comm, {input.shards.begin(), input.shards.end()}, cli::read_options(input)};
}

}  // namespace

cli::OptionTables describe(PortfolioOptions& o, std::vector<core::OptionTable> job) {
  cli::OptionTables tables = {describe(o.input), describe(o.features)};
  tables.insert(tables.end(), job.begin(), job.end());
  for (core::OptionTable& table :
       std::vector{describe(o.disclosure), describe(o.output), describe(o.memory), describe(o.checkpoints)})
    tables.push_back(std::move(table));
  return tables;
}

void validate(const PortfolioOptions& options) {
  validate(options.input);
  validate(options.output);
  validate(options.disclosure);
  validate(options.memory);
  validate(options.checkpoints);
}

ResultConfig model_config(PortfolioOptions options, cluster::FitOptions fit) {
  return result_config({describe(options.input), describe(options.features), describe(fit)});
}

HearsStops::HearsStops() {
  comm::set_interruption([]() -> std::optional<core::Error> {
    if (!cli::is_stop_signalled()) return std::nullopt;
    return core::Error(core::ExitCode::stopped, "stopped before the end")
        .remedy("Run the same command again: it goes on from the last checkpoint, or begins again where there is none");
  });
}

HearsStops::~HearsStops() { comm::set_interruption({}); }

PortfolioRun::PortfolioRun(cli::Context& context, const PortfolioOptions& options, RunIdentity identity,
                           const std::vector<std::filesystem::path>& further_inputs)
    : context_(context),
      options_(options),
      loading_(context.console),
      identity_(std::move(identity)),
      owner_(context, options.output, identity_.job),
      shards_(open_shards(context, options.input)),
      checkpoints_(context, options.checkpoints, options.output, identity_, shards_) {
  if (is_complete()) return;
  std::vector<std::filesystem::path> inputs = shards_.paths();
  inputs.emplace_back(options.features.description);
  inputs.insert(inputs.end(), further_inputs.begin(), further_inputs.end());
  prepare_run_directory(context.comm, options.output.output, options.output.overwrite || checkpoints_.is_resumed(),
                        inputs);
  schema_ = portfolio_schema(context.comm, options.features, options.disclosure, shards_, loading_);
  context.console.print(report::console_text(report::roles_summary(schema_, shards_.all_rows())));
}

plan::MemoryPlan PortfolioRun::plan_memory(plan::MemoryNeed need, const std::vector<cluster::FitOptions>& fits) {
  comm::agree(context_.comm, [&] {
    for (const cluster::FitOptions& fit : fits)
      portfolio::check_enough_selected("portfolio.filter", shards_, fit.segments);
  });
  need.rows = shards_.rows();
  need.features = schema_.most_features();
  need.gathered_values = cluster::gathered_values(fits, need.rows, need.features);
  need.precision = options_.features.precision;
  const plan::MemoryPlan plan = plan::plan_memory(context_, options_.memory, options_.output.output, need);
  if (!schema_.id().empty())
    portfolio::check_unique_ids(context_.comm, shards_.selected(nullptr), schema_.id(), loading_);
  return plan;
}

segments::CustomerNames PortfolioRun::customer_names(const segments::PseudonymOptions& options) const {
  return comm::agree(context_.comm, [&] { return segments::customer_names(schema_.id(), options); });
}

}  // namespace cardseg::run
