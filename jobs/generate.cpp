// cardseg generate: a synthetic card portfolio with known segments.
//
//   cardseg generate --customers 200000 --output portfolio/
#include <fmt/format.h>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/run/run_record.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

using cli::Context;
using generate::GeneratorOptions;

struct Options {
  GeneratorOptions generator;
  cli::OutputOptions output;
};

core::ExitCode run(Options& o, Context& c) {
  comm::agree(c.comm, [&] {
    validate(o.output);
    generate::validate(o.generator);
  });
  o.generator.output_directory = o.output.output;
  o.generator.overwrite = o.output.overwrite;
  c.phases.begin("generate");
  const generate::GeneratorReport report = generate::generate_portfolio(c.comm, o.generator, c.console);
  c.phases.end();
  c.console.print(fmt::format("generate {} customers, {} columns, {} shards", core::with_commas(report.customers),
                              report.columns, report.shards));
  for (const generate::GeneratedSegment& segment : report.segments)
    c.console.print(fmt::format("  {:>2} {:<18} {:>13}  {}", segment.number, segment.name,
                                core::with_commas(segment.customers), segment.description));
  const std::string& out = o.output.output;
  c.console.print(fmt::format("files    {0}/shards/, {0}/description.ini; the truth is in {0}/truth/", out));
  c.console.print(fmt::format(
      "next     cardseg fit --shards {0}/shards --description {0}/description.ini --segments {1} --output run", out,
      report.segments.size()));
  return core::ExitCode::done;
}

}  // namespace

cli::Job generate_job() {
  const auto options = std::make_shared<Options>();
  return {.name = "generate",
          .summary = "make a synthetic card portfolio with known segments",
          .explanation =
              "Writes shards of invented customers, the true segment of each (apart from the shards) and a portfolio\n"
              "description for fit. The same seed gives the same rows on any number of ranks.",
          .examples =
              {"cardseg generate --customers 200000 --output portfolio/",
               "mpirun -n 2 cardseg generate --customers 200000 --rows-per-shard 50000 --seed 7 --output portfolio/ "
               "--overwrite",
               "cardseg generate --customers 50000 --segments 5 --separation 3 --output separated/"},
          .positional = "",
          .uses_mpi = true,
          .describe =
              [options] {
                return cli::OptionTables{describe(options->generator), describe(options->output)};
              },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
