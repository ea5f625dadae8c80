// cardseg convert: a CSV file becomes HDF5 shards.
//
//   cardseg convert customers.csv --output shards/
//   mpirun -n 2 cardseg convert customers.csv --output shards/ --rows-per-shard 100000 --overwrite
//   cardseg convert customers.csv --output shards/ --type postcode=text --bad-rows skip --overwrite
#include <boost/program_options.hpp>

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
  std::string bad_rows = "error";
};

char delimiter_named(const std::string& name) {
  if (name == "auto") return 0;
  if (name == "tab" || name == "\\t") return '\t';
  if (name.size() == 1) return name.front();
  throw Error(ExitCode::usage, "--delimiter cannot be '" + name + "'").remedy("It is auto, tab or one character");
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
  if (o.bad_rows != "error" && o.bad_rows != "skip")
    throw Error(ExitCode::usage, "--bad-rows cannot be '" + o.bad_rows + "'").remedy("It is error or skip");
  o.convert.bad_rows = o.bad_rows == "skip" ? convert::BadRows::skip : convert::BadRows::error;
  for (const std::string& type : o.types) {
    const std::size_t equals = type.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ExitCode::usage, "--type cannot be '" + type + "'").remedy("Write --type COLUMN=TYPE");
    o.convert.types[type.substr(0, equals)] = io::column_type_named(type.substr(equals + 1));
  }
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
      ("na", po::value(&o.convert.missing)->default_value(o.convert.missing)->value_name("A,B,..."),
       "words for a missing value, beside the empty field")  //
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
