// cardseg inspect: what shards hold. Without MPI.
//
//   cardseg inspect shards/
#include "cardseg/report/console_text.hpp"
#include "cardseg/run/check_portfolio.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode inspect(const cli::InputOptions& o, cli::Context& c) {
  validate(o);
  const io::ShardSet shards(c.comm, {o.shards.begin(), o.shards.end()}, cli::read_options(o));
  c.console.print(report::console_text(report::shards_summary(shards)));
  c.console.print(report::console_text(report::columns_summary(run::inspect_columns(c, shards))));
  return core::ExitCode::done;
}

}  // namespace

cli::Job inspect_job() {
  return make_job<cli::InputOptions>(
      {.name = "inspect",
       .summary = "show shards, columns, ranges, missing values and layout",
       .explanation = "Checks the shards like every job that reads them, and shows what they hold.",
       .examples = {"cardseg inspect --shards shards/", "cardseg inspect shards/"},
       .positional = "shards",
       .uses_mpi = false},
      inspect);
}

}  // namespace cardseg::jobs
