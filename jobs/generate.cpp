// cardseg generate: a synthetic card portfolio whose segments are known.
//
//   cardseg generate --customers 200000 --output portfolio/
#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/generate_summary.hpp"
#include "cardseg/run/output_owner.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

struct Options {
  generate::GeneratorOptions generator;
  cli::OutputOptions output;
};

cli::OptionTables describe(Options& o) { return {describe(o.generator), describe(o.output)}; }

core::ExitCode generate(Options& o, cli::Context& c) {
  comm::agree(c.comm, [&] {
    validate(o.output);
    generate::validate(o.generator);
  });
  const run::OutputOwner owner(c, o.output, "generate");
  o.generator.output_directory = o.output.output;
  o.generator.overwrite = o.output.overwrite;
  c.phases.begin("generate");
  const generate::GeneratorReport made = generate::generate_portfolio(c.comm, o.generator, c.console);
  c.phases.end();
  c.console.print(report::console_text(report::generate_summary(made, o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job generate_job() {
  return make_job<Options>(
      {.name = "generate",
       .summary = "make a synthetic card portfolio with known segments",
       .explanation =
           "Writes shards of invented customers, the true segment of each (apart from the shards) and a portfolio\n"
           "description for fit. The same seed gives the same rows on any number of ranks.",
       .examples = {"cardseg generate --customers 200000 --output portfolio/",
                    "mpirun -n 2 cardseg generate --customers 200000 --rows-per-shard 50000 --seed 7 --output "
                    "portfolio/ --overwrite",
                    "cardseg generate --customers 50000 --segments 5 --separation 3 --output separated/"}},
      generate);
}

}  // namespace cardseg::jobs
