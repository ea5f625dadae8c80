// cardseg convert: CSV files become HDF5 shards.
//
//   cardseg convert customers.csv --output shards/
#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/conversion_record.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/convert_summary.hpp"
#include "cardseg/run/output_owner.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

struct Options {
  convert::ConvertOptions convert;
  convert::RewriteOptions rewrite;
  cli::OutputOptions output;
};

cli::OptionTables describe(Options& o) { return {describe(o.convert), describe(o.rewrite), describe(o.output)}; }

core::ExitCode rewrite(Options& o, cli::Context& c) {
  c.phases.begin("rewrite");
  const convert::RewriteReport rewritten = convert::rewrite_shards(c.comm, o.convert);
  c.phases.end();
  c.console.print(report::console_text(report::rewrite_summary(rewritten, o.output.output)));
  return core::ExitCode::done;
}

core::ExitCode convert(Options& o, cli::Context& c) {
  o.convert.output_directory = o.output.output;
  o.convert.overwrite = o.output.overwrite;
  comm::agree(c.comm, [&] { convert::validate(o.convert); });
  const run::OutputOwner owner(c, o.output, "convert");
  if (o.rewrite.from_shards) return rewrite(o, c);
  c.phases.begin("convert");
  const convert::ConvertReport converted = convert::convert_csv(c.comm, o.convert, c.console);
  c.phases.end();
  c.console.print(o.convert.json ? convert::conversion_json(o.convert, converted)
                                 : report::console_text(report::convert_summary(converted, o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job convert_job() {
  return make_job<Options>(
      {.name = "convert",
       .summary = "turn CSV files into HDF5 shards",
       .explanation =
           "Reads CSV (RFC 4180; also ; tab and |, CRLF, quoted line breaks, .gz and .zst, standard input), infers\n"
           "each column's type from all of its values, and writes shards. The same file gives the same shards on\n"
           "any number of ranks. conversion.json beside them records sources, options, rows and each column's\n"
           "count, gaps and exact sum, to be compared with the same query at the source.\n"
           "\n"
           "A file of a German bank (cp1252, ;, 1.234,56, 31.01.2019, Ja/Nein):\n"
           "  cardseg convert kunden.csv --encoding cp1252 --decimal , --thousands . --dates dmy --output shards/\n"
           "Convert it without options first: the message names the options for it, and nothing is written that may\n"
           "be wrong.\n"
           "\n"
           "Conventions hold for whole columns, never for single rows. Read without options: 1234.5, 2019-01-31,\n"
           "pairs such as yes/no, Y/N, ja/nein, and the usual words for a gap. Numbers with currencies, percent\n"
           "signs, (30.00), 5.00-, +12 or marks between thousands stay text until an option says how to read them.\n"
           "Ids with leading zeros stay text.",
       .examples = {"cardseg convert customers.csv --output shards/",
                    "cardseg convert shards/ --from-shards --output checked/",
                    "mpirun -n 2 cardseg convert customers.csv --output shards/ --rows-per-shard 100000 --overwrite",
                    "cardseg convert customers.csv --output shards/ --type postcode=text --bad-rows skip --overwrite"},
       .positional = "input"},
      convert);
}

}  // namespace cardseg::jobs
