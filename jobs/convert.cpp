// cardseg convert: a CSV file becomes HDF5 shards.
//
//   cardseg convert customers.csv --output shards/
//   mpirun -n 2 cardseg convert customers.csv --output shards/ --rows-per-shard 100000 --overwrite
//   cardseg convert customers.csv --output shards/ --type postcode=text --bad-rows skip --overwrite
#include <fmt/format.h>
#include <boost/program_options.hpp>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/run/run_record.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

using cli::Context;
using convert::ConvertOptions;
using core::Error;
using core::ExitCode;

struct Options {
  ConvertOptions convert;
  cli::OutputOptions output;
  std::string input;
  std::string delimiter = "auto";
  std::vector<std::string> types;
  std::string exclude;
  std::vector<std::string> missing;
  std::string decimal = "auto";
  std::string thousands = "none";
  std::string currency;
  std::string dates = "iso";
  std::string bad_rows = "error";
};

char delimiter_named(const std::string& name) {
  if (name == "auto") return 0;
  if (name == "tab" || name == "\\t") return '\t';
  if (name.size() == 1) return name.front();
  throw Error(ExitCode::usage, "--delimiter cannot be '" + name + "'").remedy("It is auto, tab or one character");
}

char mark_named(const char* flag, const std::string& name, const std::string& allowed) {
  if (name == "space") return ' ';
  if (name.size() == 1 && allowed.find(name) != std::string::npos) return name.front();
  throw Error(ExitCode::usage, std::string(flag) + " cannot be '" + name + "'")
      .remedy(allowed == ".," ? "It is . or ," : "It is one of . , ' and space");
}

convert::DateOrder order_named(const std::string& name) {
  if (name == "iso") return convert::DateOrder::iso;
  if (name == "dmy") return convert::DateOrder::dmy;
  if (name == "mdy") return convert::DateOrder::mdy;
  throw Error(ExitCode::usage, "--dates cannot be '" + name + "'").remedy("It is iso, dmy or mdy");
}

convert::Conventions conventions_of(const Options& o) {
  convert::Conventions conventions;
  if (o.decimal != "auto") conventions.decimal = mark_named("--decimal", o.decimal, ".,");
  if (o.thousands != "none") conventions.thousands = mark_named("--thousands", o.thousands, ".,'");
  conventions.currencies = cli::split_names(o.currency);
  conventions.dates = order_named(o.dates);
  return conventions;
}

// `WORD` or `COLUMN=WORD`.
convert::GapWord gap_word(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {"", text};
  if (equals == 0 || equals + 1 == text.size())
    throw Error(ExitCode::usage, "--na cannot be '" + text + "'").remedy("Write --na WORD or --na COLUMN=WORD");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void complete(Options& o) {
  if (o.input.empty())
    throw Error(ExitCode::usage, "no CSV file is named").remedy("cardseg convert FILE.csv --output shards/");
  validate(o.output);
  o.convert.input = o.input;
  o.convert.output_directory = o.output.output;
  o.convert.overwrite = o.output.overwrite;
  o.convert.delimiter = delimiter_named(o.delimiter);
  o.convert.exclude = cli::split_names(o.exclude);
  o.convert.conventions = conventions_of(o);
  if (o.bad_rows != "error" && o.bad_rows != "skip")
    throw Error(ExitCode::usage, "--bad-rows cannot be '" + o.bad_rows + "'").remedy("It is error or skip");
  o.convert.bad_rows = o.bad_rows == "skip" ? convert::BadRows::skip : convert::BadRows::error;
  for (const std::string& type : o.types) {
    const std::size_t equals = type.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ExitCode::usage, "--type cannot be '" + type + "'").remedy("Write --type COLUMN=TYPE");
    o.convert.types[type.substr(0, equals)] = io::column_type_named(type.substr(equals + 1));
  }
  for (const std::string& list : o.missing)
    for (const std::string& word : cli::split_names(list)) o.convert.missing.push_back(gap_word(word));
  convert::validate(o.convert);
}

void print_report(const convert::ConvertReport& report, const Options& o, Context& c) {
  c.console.print(fmt::format("convert  {} rows, {} columns, {} shards from {:.1f} MB", core::with_commas(report.rows),
                              report.columns.size(), report.shards.size(),
                              static_cast<double>(report.input_bytes) / 1e6));
  for (const convert::ConvertedColumn& column : report.columns)
    c.console.print(fmt::format("  {:<36} {:<8}{}{}", column.spec.name,
                                column.spec.is_date ? "date" : io::name_of(column.spec.type),
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

void describe(boost::program_options::options_description& all, Options& o) {
  namespace po = boost::program_options;
  po::options_description options("CSV");
  options.add_options()                                                                                          //
      ("input", po::value(&o.input)->default_value("")->value_name("FILE"), "the CSV file, with a header line")  //
      ("delimiter", po::value(&o.delimiter)->default_value(o.delimiter)->value_name("CHAR"),
       "auto, tab or one character")  //
      ("type", po::value(&o.types)->value_name("COLUMN=TYPE"),
       "type of a column instead of the inferred one: boolean, int32, int64, float32, float64 or text; may be "
       "repeated")                                                                                                 //
      ("exclude", po::value(&o.exclude)->default_value(o.exclude)->value_name("A,B,..."), "columns to leave out")  //
      ("na", po::value(&o.missing)->value_name("A,COLUMN=B,..."),
       "further words for a missing value, for every column or for one; the empty field and the usual words (NA, n/a, "
       "nan, null, None, \\N, -, ., ?) are missing already, in any case; may be repeated")  //
      ("decimal", po::value(&o.decimal)->default_value(o.decimal)->value_name("MARK"),
       "decimal mark of all numbers, . or ,; with this option, --thousands or --currency, numbers are read as people "
       "write them: 12,5 %  (30.00)  5.00-  +12")  //
      ("thousands", po::value(&o.thousands)->default_value(o.thousands)->value_name("MARK"),
       "mark between thousands: . , ' or space; with a point the decimal mark is a comma")  //
      ("currency", po::value(&o.currency)->default_value(o.currency)->value_name("A,B,..."),
       "symbols or codes that stand before or behind numbers: '$,EUR'")  //
      ("dates", po::value(&o.dates)->default_value(o.dates)->value_name("ORDER"),
       "order of day and month: iso (2019-01-31, always read), dmy (31.01.2019) or mdy (01/31/2019); dates become days "
       "since 1970-01-01")  //
      ("bad-rows", po::value(&o.bad_rows)->default_value(o.bad_rows)->value_name("HOW"),
       "rows that do not parse: error (the first ends the job) or skip (counted and listed)")  //
      ("bad-rows-file", po::value(&o.convert.bad_rows_file)->default_value("")->value_name("NAME"),
       "name of the list of skipped rows in the output directory")  //
      ("rows-per-shard", po::value(&o.convert.rows_per_shard)->default_value(o.convert.rows_per_shard)->value_name("N"),
       "rows in every shard but the last")  //
      ("deflate", po::value(&o.convert.deflate_level)->default_value(o.convert.deflate_level)->value_name("N"),
       "compression of the shards, 0 (none) to 9");
  all.add(options);
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
          [options](auto& all) {
            describe(all, *options);
            describe(all, options->output);
          },
      .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
