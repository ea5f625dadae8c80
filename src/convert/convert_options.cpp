#include "cardseg/convert/convert_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/name_list.hpp"
#include "convert/csv_input.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Shapes;
using Texts = std::vector<std::string>;

constexpr std::int64_t most_rows_per_shard = 1'000'000'000'000;
constexpr std::size_t most_currencies = 24;

Error refusal(const std::string& name, const std::string& shown, const std::string& allowed) {
  Error error(ExitCode::usage, field(name) + " cannot be " + shown);
  return error.remedy(allowed);
}

bool is_delimiter(char c) {
  const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  const bool is_ascii = static_cast<unsigned char>(c) < 0x7F && (c >= 0x20 || c == '\t');
  return is_ascii && !is_alphanumeric && c != '"' && c != '.' && c != '-' && c != '+';
}

void check_delimiter(char delimiter) {
  if (is_delimiter(delimiter)) return;
  throw refusal("delimiter", "byte " + std::to_string(static_cast<unsigned char>(delimiter)),
                "It is one ASCII character that is no quote, letter, digit, sign, point or control character but tab");
}

std::string delimiter_text(const ConvertOptions& options) {
  if (options.has_blank_delimiters) return "blanks";
  const char delimiter = options.delimiter;
  return delimiter == 0 ? "auto" : delimiter == '\t' ? "tab" : std::string(1, delimiter);
}

char delimiter_named(const std::string& name) {
  if (name == "auto") return 0;
  if (name == "tab" || name == "\\t" || name == "blanks") return '\t';
  if (name.size() != 1) throw refusal("delimiter", "'" + name + "'", "It is auto, tab, blanks or one character");
  check_delimiter(name.front());
  return name.front();
}

// "2-6", or nothing.
std::optional<FieldPlace> place_named(std::string_view text) {
  FieldPlace place;
  const char* const end = text.data() + text.size();
  const std::from_chars_result first = std::from_chars(text.data(), end, place.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const std::from_chars_result last = std::from_chars(first.ptr + 1, end, place.last);
  return last.ec == std::errc{} && last.ptr == end ? std::optional(place) : std::nullopt;
}

// Names, or places with or without names: "id=2-6,date=8-15".
void set_columns(const Texts& texts, ConvertOptions& options) {
  options.column_names.clear();
  options.field_places.clear();
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    const bool is_named = equals != std::string::npos && equals > 0;
    const std::optional<FieldPlace> place = place_named(std::string_view(text).substr(is_named ? equals + 1 : 0));
    if (place) options.field_places.push_back(*place);
    options.column_names.push_back(!place     ? text
                                   : is_named ? text.substr(0, equals)
                                              : "column_" + std::to_string(options.field_places.size()));
  }
  if (texts.empty()) throw refusal("columns", "empty", "Name the columns");
  if (!options.field_places.empty() && options.field_places.size() < texts.size())
    throw refusal("columns", "a list of names and places", "Give the place of every column: id=1-5,date=7-14");
}

Texts column_texts(const ConvertOptions& options) {
  Texts texts = options.column_names;
  for (std::size_t c = 0; c < options.field_places.size(); ++c)
    texts[c] += fmt::format("={}-{}", options.field_places[c].first, options.field_places[c].last);
  return texts;
}

void check_places(const std::vector<FieldPlace>& places) {
  for (const FieldPlace& place : places)
    if (place.first < 1 || place.last < place.first)
      throw refusal("columns", fmt::format("the place {}-{}", place.first, place.last),
                    "Places are the first and the last character of a field, from 1");
}

// A mark inside numbers; `none` is the name of no mark.
std::string mark_text(char mark, const char* none) {
  return mark == 0 ? none : mark == ' ' ? "space" : std::string(1, mark);
}

char decimal_named(const std::string& name) {
  if (name == "auto") return 0;
  if (name == "." || name == ",") return name.front();
  throw refusal("decimal", "'" + name + "'", "It is . or ,");
}

char thousands_named(const std::string& name) {
  if (name == "none") return 0;
  if (name == "space") return ' ';
  if (name == "." || name == "," || name == "'" || name == " ") return name.front();
  throw refusal("thousands", "'" + name + "'", "It is one of . , ' and space");
}

Texts type_texts(const ConvertOptions& options) {
  Texts texts;
  for (const auto& [name, type] : options.types) texts.push_back(name + "=" + io::name_of(type));
  for (const std::string& name : options.date_columns) texts.push_back(name + "=date");
  return texts;
}

io::ColumnType type_named(const std::string& name, const std::string& column) {
  if (const auto type = io::column_type_names.find(name)) return *type;
  Texts known = io::column_type_names.all();
  known.emplace_back("date");
  throw core::unknown_name(name, known, "the type of " + column);
}

void set_types(const Texts& texts, ConvertOptions& options) {
  options.types.clear();
  options.date_columns.clear();
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw refusal("type", "'" + text + "'", "Write " + field("type") + " COLUMN=TYPE");
    const std::string column = text.substr(0, equals);
    const std::string name = text.substr(equals + 1);
    if (name == "date")
      options.date_columns.push_back(column);
    else
      options.types[column] = type_named(name, column);
  }
}

Texts gap_texts(const ConvertOptions& options) {
  Texts texts;
  for (const GapWord& gap : options.missing) texts.push_back(text_of(gap));
  return texts;
}

GapWord gap_named(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {"", text};
  if (equals == 0 || equals + 1 == text.size())
    throw refusal("na", "'" + text + "'", "Write " + field("na") + " WORD or " + field("na") + " COLUMN=WORD");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<GapWord> gaps_named(const Texts& lists) {
  std::vector<GapWord> gaps;
  for (const std::string& list : lists)
    for (const std::string& word : core::split_names(list)) gaps.push_back(gap_named(word));
  return gaps;
}

Error wrong_share(const std::string& shown) {
  return refusal("max-bad-rows", shown, "It is a share of the rows, 0% to 100%");
}

// "1%", "0.5 %" or "1": per cent.
double share_named(const std::string& text) {
  const std::string number = text.substr(0, text.find_last_not_of(" %") + 1);
  double percent = -1;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), percent);
  if (problem != std::errc{} || end != number.data() + number.size() || !(percent >= 0 && percent <= 100))
    throw wrong_share("'" + text + "'");
  return percent / 100;
}

void check_list_name(const std::string& name) {
  const std::filesystem::path list = name;
  if (list == list.filename() && list != "." && list != ".." && list.extension() != ".h5" &&
      list.extension() != ".hdf5")
    return;
  throw refusal("bad-rows-file", "'" + name + "'", "It is a file name without directory that does not end in .h5");
}

void check_inputs(const std::vector<std::filesystem::path>& inputs) {
  const bool has_nameless = std::ranges::any_of(inputs, [](const auto& input) { return input.empty(); });
  if (inputs.empty() || has_nameless)
    throw Error(ExitCode::usage, "no CSV file is named").remedy("Give the path of a CSV file");
  if (std::ranges::count(inputs, "-") > 1)
    throw Error(ExitCode::usage, "standard input is named twice").remedy("It can be read once");
}

void check_header(const ConvertOptions& options) {
  check_places(options.field_places);
  if (!options.field_places.empty()) return;
  if (options.header_line < 0)
    throw refusal("header-line", std::to_string(options.header_line), "It is the number of a line, from 1");
  const std::string no_header = field("no-header");
  const std::string columns = field("columns");
  if (options.has_no_header && options.column_names.empty())
    throw Error(ExitCode::usage, no_header + " needs the names of the columns")
        .remedy("Write " + no_header + " " + columns + " a,b,c");
  if (!options.has_no_header && !options.column_names.empty())
    throw Error(ExitCode::usage, columns + " names the columns of a file without a header")
        .remedy("Add " + no_header + ", or leave " + columns + " out");
}

void check_conventions(const Conventions& conventions) {
  const std::string mark(1, conventions.decimal_mark());
  const std::string decimal = field("decimal");
  const std::string thousands = field("thousands");
  if (conventions.thousands != 0 && conventions.thousands == conventions.decimal_mark())
    throw Error(ExitCode::usage, thousands + " and the decimal mark are both '" + mark + "'")
        .remedy("With " + thousands + " " + mark + " the decimal mark is a " + (mark == "," ? "point" : "comma") +
                ": leave " + decimal + " out");
  if (conventions.currencies.size() > most_currencies)
    throw refusal("currency", "a list of " + std::to_string(conventions.currencies.size()),
                  "It names " + std::to_string(most_currencies) + " at most");
  for (const std::string& currency : conventions.currencies)
    if (currency.find_first_of("0123456789.,-+()% '") != std::string::npos)
      throw refusal("currency", "'" + currency + "'",
                    "It names symbols and codes without digits, signs, marks and blanks");
}

core::OptionTable files_of(ConvertOptions& o) {
  const auto inputs = [&o] {
    Texts texts;
    for (const std::filesystem::path& input : o.inputs) texts.push_back(input.string());
    return texts;
  };
  return {
      "",
      {core::custom_list(inputs, [&o](const Texts& texts) { o.inputs.assign(texts.begin(), texts.end()); },
                         {"input", "FILE...", Shapes::inputs,
                          "CSV files with the same header line, also compressed by gzip or zstd; -: standard "
                          "input"}),
       core::text(o.encoding, {"encoding", "NAME", Shapes::result,
                               "encoding of the files: utf-8, cp1252, latin1, utf-16, ... (iconv -l); default: "
                               "what a byte order mark says, else utf-8"}),
       core::custom([&o] { return delimiter_text(o); },
                    [&o](const std::string& text) {
                      o.delimiter = delimiter_named(text);
                      o.has_blank_delimiters = text == "blanks";
                    },
                    {"delimiter", "CHAR", Shapes::result, "auto, tab, one character, or blanks: any number of them"}),
       core::number(o.header_line, {"header-line", "N", Shapes::result,
                                    "the line that names the columns, where titles stand above it; 0: the first"}),
       core::toggle(o.has_no_header,
                    {"no-header", "", Shapes::result, "no line names the columns: " + field("columns") + " does"}),
       core::custom([&o] { return core::join_names(column_texts(o)); },
                    [&o](const std::string& text) { set_columns(core::split_names(text), o); },
                    {"columns", "A,B,...", Shapes::result,
                     "names of all columns of a file without a header, in their order; with A=2-6,B=8-15 the "
                     "fields stand at these characters of every line"})}};
}

core::OptionTable columns_of(ConvertOptions& o) {
  return {"",
          {core::custom_list([&o] { return type_texts(o); }, [&o](const Texts& texts) { set_types(texts, o); },
                             {"type", "COLUMN=TYPE", Shapes::result,
                              "type of a column instead of the inferred one: boolean, int32, int64, float32, float64, "
                              "date or text; may be repeated"}),
           core::custom([&o] { return o.like.string(); }, [&o](const std::string& text) { o.like = text; },
                        {"like", "PATH", Shapes::inputs,
                         "shards of an earlier month, or a model.json: the file must have their columns, which get the "
                         "same types"}),
           core::names(o.exclude, {"exclude", "A,B,...", Shapes::result, "columns to leave out"}),
           core::custom_list(
               [&o] { return gap_texts(o); }, [&o](const Texts& lists) { o.missing = gaps_named(lists); },
               {"na", "A,COLUMN=B,...", Shapes::result,
                "further words for a missing value, for every column or for one; the empty field and the usual words "
                "(NA, n/a, nan, null, None, \\N, -, ., ?) are missing already, in any case; may be repeated"})}};
}

core::OptionTable conventions_of(Conventions& conventions) {
  return {
      "",
      {core::custom([&conventions] { return mark_text(conventions.decimal, "auto"); },
                    [&conventions](const std::string& text) { conventions.decimal = decimal_named(text); },
                    {"decimal", "MARK", Shapes::result,
                     "decimal mark of all numbers, . or ,; with this option, " + field("thousands") + " or " +
                         field("currency") + ", numbers are read as people write them: 12,5 %  (30.00)  5.00-  +12"}),
       core::custom([&conventions] { return mark_text(conventions.thousands, "none"); },
                    [&conventions](const std::string& text) { conventions.thousands = thousands_named(text); },
                    {"thousands", "MARK", Shapes::result,
                     "mark between thousands: . , ' or space; with a point the decimal mark is a comma"}),
       core::names(conventions.currencies, {"currency", "A,B,...", Shapes::result,
                                            "symbols or codes that stand before or behind numbers: '$,EUR'"}),
       core::choice(conventions.dates, date_order_names,
                    {"dates", "ORDER", Shapes::result,
                     "order of day and month: iso (2019-01-31, always read), dmy (31.01.2019) or mdy (01/31/2019); "
                     "dates become days since 1970-01-01"})}};
}

core::OptionTable result_of(ConvertOptions& o) {
  return {
      "",
      {core::choice(o.bad_rows, bad_rows_names,
                    {"bad-rows", "HOW", Shapes::result,
                     "rows that do not parse: error (the first ends the job) or skip (counted and listed)"}),
       core::custom([&o] { return share_text(o.max_bad_share); },
                    [&o](const std::string& text) { o.max_bad_share = share_named(text); },
                    {"max-bad-rows", "SHARE", Shapes::nothing,
                     "the job fails where more than this share of the rows would be skipped, 0% to 100%"}),
       core::text(
           o.bad_rows_file, check_list_name,
           {"bad-rows-file", "NAME", Shapes::nothing, "name of the list of skipped rows in the output directory"}),
       core::number(o.rows_per_shard, {1, most_rows_per_shard},
                    {"rows-per-shard", "N", Shapes::result, "rows in every shard but the last"}),
       core::toggle(o.json, {"json", "", Shapes::nothing,
                             "print the result as JSON, as conversion.json in the output directory"}),
       core::number(o.deflate_level, {0, 9}, {"deflate", "N", Shapes::result, "compression of the shards; 0: none"})}};
}

}  // namespace

std::string bad_rows_name(const ConvertOptions& options) {
  return options.bad_rows_file.empty() ? stem_of(options.inputs.front()) + "-bad-rows.txt" : options.bad_rows_file;
}

std::string text_of(const GapWord& gap) { return gap.column.empty() ? gap.word : gap.column + "=" + gap.word; }

std::string share_text(double share) { return fmt::format("{:.12g}%", 100 * share); }

core::OptionTable describe(ConvertOptions& o) {
  return core::merged("CSV", {files_of(o), columns_of(o), conventions_of(o.conventions), result_of(o)});
}

void validate(const ConvertOptions& options) {
  check_inputs(options.inputs);
  if (options.output_directory.empty())
    throw Error(ExitCode::usage, field("output") + " is missing").remedy("Name the directory to write");
  ConvertOptions checked = options;
  core::validate(describe(checked));
  if (options.delimiter != 0) check_delimiter(options.delimiter);
  check_header(options);
  check_conventions(options.conventions);
  if (!(options.max_bad_share >= 0 && options.max_bad_share <= 1)) throw wrong_share(share_text(options.max_bad_share));
  check_list_name(bad_rows_name(options));
}

}  // namespace cardseg::convert
