// cardseg convert: a CSV file becomes HDF5 shards.
//
//   cardseg convert customers.csv --output shards/

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/convert_summary.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

using cli::Context;
using core::Error;
using core::ExitCode;

struct Options {
  convert::ConvertOptions convert;
  cli::OutputOptions output;
};

void complete(Options& o) {
  if (o.convert.input.empty())
    throw Error(ExitCode::usage, "no CSV file is named").remedy("cardseg convert FILE.csv --output shards/");
  validate(o.output);
  o.convert.output_directory = o.output.output;
  o.convert.overwrite = o.output.overwrite;
  convert::validate(o.convert);
}

ExitCode run(Options& o, Context& c) {
  comm::agree(c.comm, [&] { complete(o); });
  c.phases.begin("convert");
  const convert::ConvertReport converted = convert::convert_csv(c.comm, o.convert, c.console);
  c.phases.end();
  c.console.print(report::console_text(report::convert_summary(converted, o.output.output)));
  return ExitCode::done;
}

}  // namespace

cli::Job convert_job() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "convert",
      .summary = "turn a CSV file into HDF5 shards",
      .explanation =
          "Reads RFC 4180 CSV (also ; and tab, CRLF, quoted line breaks), infers each column's type from all of\n"
          "its values, and writes shards. The same file gives the same shards on any number of ranks.",
      .examples = {"cardseg convert customers.csv --output shards/",
                   "mpirun -n 2 cardseg convert customers.csv --output shards/ --rows-per-shard 100000 --overwrite",
                   "cardseg convert customers.csv --output shards/ --type postcode=text --bad-rows skip --overwrite"},
      .positional = "input",
      .uses_mpi = true,
      .describe =
          [options] {
            return cli::OptionTables{describe(options->convert), describe(options->output)};
          },
      .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
