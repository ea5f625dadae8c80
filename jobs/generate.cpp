// cardseg generate: a synthetic card portfolio with known segments.
//
//   cardseg generate --customers 200000 --output portfolio/
//   mpirun -n 2 cardseg generate --customers 200000 --rows-per-shard 50000 --seed 7 --output portfolio/ --overwrite
//   cardseg generate --customers 50000 --segments 5 --separation 3 --output separated/
#include <boost/program_options.hpp>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/generate_summary.hpp"
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
  const generate::GeneratorReport made = generate::generate_portfolio(c.comm, o.generator, c.console);
  c.phases.end();
  c.console.print(report::console_text(report::generate_summary(made, o.output.output)));
  return core::ExitCode::done;
}

void describe(boost::program_options::options_description& all, GeneratorOptions& o) {
  namespace po = boost::program_options;
  po::options_description options("Portfolio");
  options.add_options()                                                                                               //
      ("customers,n", po::value(&o.customers)->default_value(o.customers)->value_name("N"), "rows of the portfolio")  //
      ("rows-per-shard", po::value(&o.rows_per_shard)->default_value(o.rows_per_shard)->value_name("N"),
       "customers in every shard but the last")                                                                   //
      ("seed", po::value(&o.seed)->default_value(o.seed)->value_name("N"), "another seed gives other customers")  //
      ("segments", po::value(&o.segments)->default_value(o.segments)->value_name("N"), "true segments, 2 to 8")   //
      ("separation", po::value(&o.separation)->default_value(o.separation)->value_name("X"),
       "0 to 10; 1: realistic overlap, 2 and above: segments that k-means can find")  //
      ("extra-features", po::value(&o.extra_features)->default_value(o.extra_features)->value_name("N"),
       "further numeric columns, 0 to 999")  //
      ("missing-share", po::value(&o.missing_share)->default_value(o.missing_share)->value_name("SHARE"),
       "share of values absent from columns that may miss some, 0 to 0.25")  //
      ("deflate", po::value(&o.deflate_level)->default_value(o.deflate_level)->value_name("N"),
       "compression of the shards, 0 (none) to 9");
  all.add(options);
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
              [options](auto& all) {
                describe(all, options->generator);
                describe(all, options->output);
              },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
