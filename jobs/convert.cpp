// cardseg convert: a CSV file becomes HDF5 shards.
//
//   cardseg convert customers.csv --output shards/
#include <fmt/format.h>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/run/run_record.hpp"
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

void print_report(const convert::ConvertReport& report, const Options& o, Context& c) {
  c.console.print(fmt::format("convert  {} rows, {} columns, {} shards from {}", core::with_commas(report.rows),
                              report.columns.size(), report.shards.size(), core::megabytes(report.input_bytes, 1)));
  for (const convert::ConvertedColumn& column : report.columns)
    c.console.print(fmt::format("  {:<36} {:<8}{}{}", column.spec.name, io::name_of(column.spec.type),
                                column.missing > 0 ? " missing " + core::with_commas(column.missing) : "",
                                column.note.empty() ? "" : "  (" + column.note + ")"));
  for (const convert::ReasonCount& reason : report.bad_row_reasons)
    c.console.print(fmt::format("skipped  {} rows: {}", core::with_commas(reason.rows), reason.reason));
  if (report.bad_rows_list) c.console.print(fmt::format("listed   {}", report.bad_rows_list->string()));
  c.console.print(fmt::format("rows     {} in = {} written + {} rejected",
                              core::with_commas(report.rows + report.bad_rows), core::with_commas(report.rows),
                              core::with_commas(report.bad_rows)));
  c.console.print(fmt::format("next     cardseg inspect {}", o.output.output));
}

ExitCode run(Options& o, Context& c) {
  comm::agree(c.comm, [&] { complete(o); });
  c.phases.begin("convert");
  const convert::ConvertReport report = convert::convert_csv(c.comm, o.convert, c.console);
  c.phases.end();
  print_report(report, o, c);
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
