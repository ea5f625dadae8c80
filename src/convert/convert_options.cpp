#include "cardseg/convert/convert_options.hpp"

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::int64_t most_rows_per_shard = 1'000'000'000'000;

bool is_delimiter(char c) {
  const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  const bool is_ascii = static_cast<unsigned char>(c) < 0x7F && (c >= 0x20 || c == '\t');
  return is_ascii && !is_alphanumeric && c != '"' && c != '.' && c != '-' && c != '+';
}

void check_delimiter(char delimiter) {
  if (is_delimiter(delimiter)) return;
  throw Error(ExitCode::usage,
              core::field("delimiter") + " cannot be byte " + std::to_string(static_cast<unsigned char>(delimiter)))
      .remedy("It is one ASCII character that is no quote, letter, digit, sign, point or control character but tab");
}

std::string delimiter_text(char delimiter) {
  return delimiter == 0 ? "auto" : delimiter == '\t' ? "tab" : std::string(1, delimiter);
}

char delimiter_named(const std::string& name) {
  if (name == "auto") return 0;
  if (name == "tab" || name == "\\t") return '\t';
  if (name.size() != 1)
    throw Error(ExitCode::usage, core::field("delimiter") + " cannot be '" + name + "'")
        .remedy("It is auto, tab or one character");
  check_delimiter(name.front());
  return name.front();
}

std::map<std::string, io::ColumnType> types_named(const std::vector<std::string>& texts) {
  std::map<std::string, io::ColumnType> types;
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ExitCode::usage, core::field("type") + " cannot be '" + text + "'")
          .remedy("Write " + core::field("type") + " COLUMN=TYPE");
    types[text.substr(0, equals)] =
        io::column_type_names.named(text.substr(equals + 1), "the type of " + text.substr(0, equals));
  }
  return types;
}

void check_list_name(const std::string& name) {
  const std::filesystem::path list = name;
  if (list == list.filename() && list != "." && list != ".." && list.extension() != ".h5" &&
      list.extension() != ".hdf5")
    return;
  throw Error(ExitCode::usage, core::field("bad-rows-file") + " cannot be '" + name + "'")
      .remedy("It is a file name without directory that does not end in .h5");
}

}  // namespace

std::string bad_rows_name(const ConvertOptions& options) {
  return options.bad_rows_file.empty() ? options.input.stem().string() + "-bad-rows.txt" : options.bad_rows_file;
}

core::OptionTable describe(ConvertOptions& o) {
  using core::field;
  using core::Shapes;
  const auto type_texts = [&o] {
    std::vector<std::string> texts;
    for (const auto& [name, type] : o.types) texts.push_back(name + "=" + io::name_of(type));
    return texts;
  };
  return {
      "CSV",
      {core::custom([&o] { return o.input.string(); }, [&o](const std::string& text) { o.input = text; },
                    {"input", "FILE", Shapes::inputs, "the CSV file, with a header line"}),
       core::custom([&o] { return delimiter_text(o.delimiter); },
                    [&o](const std::string& text) { o.delimiter = delimiter_named(text); },
                    {"delimiter", "CHAR", Shapes::result, "auto, tab or one character"}),
       core::custom_list(type_texts, [&o](const std::vector<std::string>& texts) { o.types = types_named(texts); },
                         {"type", "COLUMN=TYPE", Shapes::result,
                          "type of a column instead of the inferred one: boolean, int32, int64, float32, float64 or "
                          "text; may be repeated"}),
       core::names(o.exclude, {"exclude", "A,B,...", Shapes::result, "columns to leave out"}),
       core::text(o.missing, {"na", "A,B,...", Shapes::result, "words for a missing value, beside the empty field"}),
       core::choice(o.bad_rows, bad_rows_names,
                    {"bad-rows", "HOW", Shapes::result,
                     "rows that do not parse: error (the first ends the job) or skip (counted and listed)"}),
       core::text(
           o.bad_rows_file, check_list_name,
           {"bad-rows-file", "NAME", Shapes::nothing, "name of the list of skipped rows in the output directory"}),
       core::number(o.rows_per_shard, {1, most_rows_per_shard},
                    {"rows-per-shard", "N", Shapes::result, "rows in every shard but the last"}),
       core::number(o.deflate_level, {0, 9}, {"deflate", "N", Shapes::result, "compression of the shards; 0: none"})}};
}

void validate(const ConvertOptions& options) {
  if (options.input.empty())
    throw Error(ExitCode::usage, "no CSV file is named").remedy("Give the path of a CSV file with a header line");
  if (options.output_directory.empty())
    throw Error(ExitCode::usage, core::field("output") + " is missing").remedy("Name the directory to write");
  ConvertOptions checked = options;
  core::validate(describe(checked));
  if (options.delimiter != 0) check_delimiter(options.delimiter);
  check_list_name(bad_rows_name(options));
}

}  // namespace cardseg::convert
