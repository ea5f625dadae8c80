// cardseg describe: a description to begin with.
//
//   cardseg describe shards/ > portfolio.ini
#include "cardseg/run/check_portfolio.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode describe_shards(const cli::InputOptions& o, cli::Context& c) {
  c.console.print(run::describe_portfolio(c, o));
  return core::ExitCode::done;
}

}  // namespace

cli::Job describe_job() {
  return make_job<cli::InputOptions>(
      {.name = "describe",
       .summary = "print a description to begin with",
       .explanation =
           "Reads every column and prints an INI file: the id, what is left out and why, and for each feature its "
           "kind, "
           "a family by its name, a transform by the tails of its values, and codes that look like missing values. "
           "Guesses are marked: check them, then give the file to validate, fit and study as their description.",
       .examples = {"cardseg describe shards/", "mpirun -n 2 cardseg describe shards/"},
       .positional = "shards"},
      describe_shards);
}

}  // namespace cardseg::jobs
