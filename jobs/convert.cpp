// cardseg convert: a CSV file becomes HDF5 shards.
//
//   cardseg convert customers.csv --output shards/
//   mpirun -n 2 cardseg convert customers.csv --output shards/ --rows-per-shard 100000 --overwrite
//   cardseg convert customers.csv --output shards/ --type postcode=text --bad-rows skip --overwrite
//   cardseg convert kunden.csv --encoding cp1252 --decimal , --thousands . --dates dmy --output shards/
#include <fmt/format.h>
#include <boost/program_options.hpp>

#include <charconv>
#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/conversion_record.hpp"
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
  std::vector<std::string> inputs;
  std::string max_bad_rows = "1%";
  std::string delimiter = "auto";
  std::vector<std::string> types;
  std::string exclude;
  std::vector<std::string> missing;
  bool has_no_header = false;
  std::string columns;
  std::string decimal = "auto";
  std::string thousands = "none";
  std::string currency;
  std::string dates = "iso";
  std::string like;
  bool is_json = false;
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

// "1%", "0.5 %" or "1": per cent.
double share_of(const std::string& text) {
  const std::string number = text.substr(0, text.find_last_not_of(" %") + 1);
  double percent = -1;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), percent);
  if (problem != std::errc{} || end != number.data() + number.size() || !(percent >= 0 && percent <= 100))
    throw Error(ExitCode::usage, "--max-bad-rows cannot be '" + text + "'")
        .remedy("It is a share of the rows, 0% to 100%");
  return percent / 100;
}

void complete(Options& o) {
  if (o.inputs.empty())
    throw Error(ExitCode::usage, "no CSV file is named").remedy("cardseg convert FILE.csv --output shards/");
  validate(o.output);
  o.convert.inputs.assign(o.inputs.begin(), o.inputs.end());
  o.convert.max_bad_share = share_of(o.max_bad_rows);
  o.convert.output_directory = o.output.output;
  o.convert.overwrite = o.output.overwrite;
  o.convert.delimiter = delimiter_named(o.delimiter);
  o.convert.exclude = cli::split_names(o.exclude);
  o.convert.conventions = conventions_of(o);
  o.convert.like = o.like;
  o.convert.has_header = !o.has_no_header;
  o.convert.column_names = cli::split_names(o.columns);
  if (o.bad_rows != "error" && o.bad_rows != "skip")
    throw Error(ExitCode::usage, "--bad-rows cannot be '" + o.bad_rows + "'").remedy("It is error or skip");
  o.convert.bad_rows = o.bad_rows == "skip" ? convert::BadRows::skip : convert::BadRows::error;
  for (const std::string& type : o.types) {
    const std::size_t equals = type.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ExitCode::usage, "--type cannot be '" + type + "'").remedy("Write --type COLUMN=TYPE");
    if (type.substr(equals) == "=date")
      o.convert.date_columns.push_back(type.substr(0, equals));
    else
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
                              core::with_commas(report.rows + report.bad_rows), core::with_commas(report.rows_written),
                              core::with_commas(report.bad_rows)));
  c.console.print(fmt::format("next     cardseg inspect {}", o.output.output));
}

ExitCode run(Options& o, Context& c) {
  comm::agree(c.comm, [&] { complete(o); });
  c.phases.begin("convert");
  const convert::ConvertReport report = convert::convert_csv(c.comm, o.convert, c.console);
  c.phases.end();
  if (o.is_json)
    c.console.print(convert::conversion_json(o.convert, report));
  else
    print_report(report, o, c);
  return ExitCode::done;
}

void describe(boost::program_options::options_description& all, Options& o) {
  namespace po = boost::program_options;
  po::options_description options("CSV");
  options.add_options()  //
      ("input", po::value(&o.inputs)->multitoken()->value_name("FILE..."),
       "CSV files with the same header line, also compressed by gzip or zstd; -: standard input")  //
      ("encoding", po::value(&o.convert.encoding)->default_value("")->value_name("NAME"),
       "encoding of the files: utf-8, cp1252, latin1, utf-16, ... (iconv -l); default: what a byte order mark says, "
       "else "
       "utf-8")  //
      ("delimiter", po::value(&o.delimiter)->default_value(o.delimiter)->value_name("CHAR"),
       "auto, tab or one character")  //
      ("header-line", po::value(&o.convert.header_line)->default_value(o.convert.header_line)->value_name("N"),
       "the line that names the columns, where titles stand above it; 0: the first")                 //
      ("no-header", po::bool_switch(&o.has_no_header), "no line names the columns: --columns does")  //
      ("columns", po::value(&o.columns)->default_value(o.columns)->value_name("A,B,..."),
       "names of all columns of a file without a header, in their order")  //
      ("type", po::value(&o.types)->value_name("COLUMN=TYPE"),
       "type of a column instead of the inferred one: boolean, int32, int64, float32, float64, date or text; may be "
       "repeated")  //
      ("like", po::value(&o.like)->default_value("")->value_name("PATH"),
       "shards of an earlier month, or a model.json: the file must have their columns, which get the same types")  //
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
      ("max-bad-rows", po::value(&o.max_bad_rows)->default_value(o.max_bad_rows)->value_name("SHARE"),
       "the job fails where more than this share of the rows would be skipped, 0% to 100%")  //
      ("bad-rows-file", po::value(&o.convert.bad_rows_file)->default_value("")->value_name("NAME"),
       "name of the list of skipped rows in the output directory")  //
      ("rows-per-shard", po::value(&o.convert.rows_per_shard)->default_value(o.convert.rows_per_shard)->value_name("N"),
       "rows in every shard but the last")                                                                           //
      ("json", po::bool_switch(&o.is_json), "print the result as JSON, as conversion.json in the output directory")  //
      ("deflate", po::value(&o.convert.deflate_level)->default_value(o.convert.deflate_level)->value_name("N"),
       "compression of the shards, 0 (none) to 9");
  all.add(options);
}

}  // namespace

cli::Job convert_job() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "convert",
      .summary = "turn CSV files into HDF5 shards",
      .explanation =
          "Reads CSV (RFC 4180; also ; tab and |, CRLF, quoted line breaks, .gz and .zst, standard input), infers "
          "each\n"
          "column's type from all of its values, and writes shards. The same file gives the same shards on any number\n"
          "of ranks. conversion.json beside them records sources, options, rows and each column's count, gaps and "
          "exact\n"
          "sum, to be compared with the same query at the source.\n"
          "\n"
          "A file of a German bank (cp1252, ;, 1.234,56, 31.01.2019, Ja/Nein):\n"
          "  cardseg convert kunden.csv --encoding cp1252 --decimal , --thousands . --dates dmy --output shards/\n"
          "Convert it without options first: what the options are is said, and nothing is written that may be wrong.\n"
          "\n"
          "Conventions hold for whole columns, never for single rows. Read without options: 1234.5, 2019-01-31, pairs "
          "such\n"
          "as yes/no, Y/N, ja/nein, and the usual words for a gap. Numbers with currencies, percent signs, (30.00), "
          "5.00-,\n"
          "+12 or marks between thousands stay text until an option says how to read them. Ids with leading zeros stay "
          "text.",
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
