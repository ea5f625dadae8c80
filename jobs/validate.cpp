// cardseg validate: everything that fit checks before it iterates, and nothing written.
//
//   cardseg validate --shards shards/
#include "cardseg/report/console_text.hpp"
#include "cardseg/run/check_portfolio.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode validate(const run::CheckOptions& o, cli::Context& c) {
  c.console.print(report::console_text(report::validate_summary(run::check_portfolio(c, o))));
  return core::ExitCode::done;
}

}  // namespace

cli::Job validate_job() {
  return make_job<run::CheckOptions>(
      {.name = "validate",
       .summary = "check shards and description without fitting",
       .explanation = "Reads every feature column as fit would and reports how it will be prepared. Writes nothing.",
       .examples = {"cardseg validate shards/",
                    "mpirun -n 2 cardseg validate --shards shards/ --description portfolio.ini"},
       .positional = "shards"},
      validate);
}

}  // namespace cardseg::jobs
