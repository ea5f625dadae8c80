#include "cardseg/cli/command_line.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>
#include <iterator>
#include <set>
#include <sstream>

#include "cardseg/core/duration.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/utf8.hpp"

namespace cardseg::cli {
namespace {

namespace po = boost::program_options;
using core::Error;
using core::ExitCode;

// Options that a file cannot set: they are about this one call.
const std::set<std::string> command_line_only = {"help", "config", "print-config"};

std::vector<std::string> names_of(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back(option->long_name());
  return names;
}

std::string without_dashes(const std::string& name) {
  const std::size_t first = name.find_first_not_of('-');
  return first == std::string::npos ? name : name.substr(first, name.find('=') - first);
}

Error unknown_option(const std::string& typed, const po::options_description& options) {
  const std::string name = typed.substr(0, typed.find('='));
  const std::string guess = core::nearest_name(without_dashes(name), names_of(options));
  Error error(ExitCode::usage, "unknown option '" + name + "'");
  return error.remedy(guess.empty() ? "--help lists the options" : "Did you mean '--" + guess + "'?");
}

Error unknown_key(const std::string& key, const po::options_description& options) {
  const std::string guess = core::did_you_mean(key, names_of(options));
  Error error(ExitCode::config, "unknown key '" + key + "'");
  return error.remedy(guess.empty() ? "--help lists the options, and a key is one without its dashes" : guess);
}

// Boost ends a line at any '#'. Here one begins a comment at the begin of a line or after a blank, but not in quotes;
// others, as in the missing value '#N/A', pass Boost as a byte that no such file holds.
constexpr char guarded_sign = '\x01';

// Quotes open where a name may begin.
bool may_open_quotes(std::string_view line, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : line.find_last_not_of(" \t", at - 1);
  return before == std::string_view::npos || std::string_view("=,.[").find(line[before]) != std::string_view::npos;
}

std::string guarded_line(std::string line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || std::isspace(static_cast<unsigned char>(line[i - 1])))) return line;
    const bool opens = line[i] == '"' && may_open_quotes(line, i);
    const std::size_t end = opens ? core::end_of_quoted(line, i) : std::string::npos;
    for (const std::size_t last = end == std::string::npos ? i : end - 1; i <= last; ++i)
      if (line[i] == '#') line[i] = guarded_sign;
    --i;
  }
  return line;
}

std::string guarded(const std::string& text) {
  std::string all;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    all += guarded_line(text.substr(begin, end - begin));
    begin = end;
  }
  return all;
}

std::string restored(std::string text) {
  std::ranges::replace(text, guarded_sign, '#');
  return text;
}

constexpr std::size_t max_message_bytes = 300;
constexpr std::size_t max_part_bytes = 4096;  // of a value between its commas: the longest path

// Control characters would come back in messages, and a value without end would fill them.
void check_lines(const std::string& path, std::istringstream file) {
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    const auto refuse = [&](const std::string& reason, const std::string& remedy) {
      Error error(ExitCode::config, "line " + std::to_string(number) + " " + reason);
      throw error.in_file(path).remedy(remedy);
    };
    if (std::ranges::any_of(line, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }))
      refuse("holds a control character", "Write a text file with one 'name = value' on each line");
    if (line.starts_with('#')) continue;
    for (std::size_t begin = 0; begin < line.size(); begin = std::min(line.find(',', begin), line.size()) + 1)
      if (std::min(line.find(',', begin), line.size()) - begin > max_part_bytes)
        refuse("is longer than " + std::to_string(max_part_bytes) + " bytes between two commas",
               "Shorten it, or write a list with commas");
  }
}

po::parsed_options parse_file(const std::string& path, const po::options_description& options, bool allows_unknown) {
  const std::string text = io::read_file(path);
  check_lines(path, std::istringstream(text));
  std::istringstream file(guarded(text));
  po::parsed_options parsed = po::parse_config_file(file, options, allows_unknown);
  for (po::option& option : parsed.options) {
    option.string_key = restored(option.string_key);
    for (std::string& value : option.value) value = restored(value);
  }
  return parsed;
}

po::variables_map read_words(const std::vector<std::string>& words, const po::options_description& options,
                             const std::string& positional) {
  po::positional_options_description places;
  const std::vector<std::string> names = positional_options(positional);
  for (const std::string& name : names) places.add(name.c_str(), name == names.back() ? -1 : 1);
  po::variables_map values;
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    po::store(po::command_line_parser(words).options(options).positional(places).style(style).run(), values);
    return values;
  } catch (const po::unknown_option& error) {
    throw unknown_option(error.get_option_name(), options);
  } catch (const po::multiple_occurrences& error) {
    throw Error(ExitCode::usage, io::shown(error.what(), max_message_bytes))
        .remedy("Give it once; a value with blanks needs quotes");
  } catch (const po::too_many_positional_options_error&) {
    throw Error(ExitCode::usage, "a word on the command line belongs to no option")
        .remedy("--help shows how to call it");
  } catch (const po::error& error) {
    throw Error(ExitCode::usage, io::shown(error.what(), max_message_bytes)).remedy("--help shows how to call it");
  }
}

std::vector<std::string> texts_of(const boost::any& value) {
  if (const auto* list = boost::any_cast<std::vector<std::string>>(&value)) return *list;
  if (const auto* flag = boost::any_cast<bool>(&value)) return {*flag ? "true" : "false"};
  return {boost::any_cast<std::string>(value)};
}

// An empty value would stand for a default, or for nothing at all.
void check_not_empty(const core::Option& option, const std::vector<std::string>& texts) {
  if (std::ranges::find(texts, "") == texts.end()) return;
  throw Error(ExitCode::usage, core::field(option.name) + " is empty")
      .remedy(
          "Give it a value, or leave it out; in a file '#' after a blank begins a comment, so a name that begins "
          "with one needs quotes: \"#cards\"");
}

void set(const core::Option& option, const std::vector<std::string>& texts) {
  check_not_empty(option, texts);
  option.set(texts);
}

// Sets what was given; the rest stays as it is.
void set(const OptionTables& tables, const po::variables_map& values) {
  for (const core::OptionTable& table : tables)
    for (const core::Option& option : table.options)
      if (const auto given = values.find(option.name); given != values.end() && !given->second.defaulted())
        set(option, texts_of(given->second.value()));
}

const po::value_semantic* semantic_of(const core::Option& option) {
  using Kind = core::Option::Kind;
  if (option.kind == Kind::toggle) return po::bool_switch();
  if (option.kind != Kind::value) {
    auto* list = po::value<std::vector<std::string>>()->value_name(option.value_name);
    return option.kind == Kind::words ? list->multitoken() : list;
  }
  auto* value = po::value<std::string>()->value_name(option.value_name);
  const std::string now = option.text();
  return now.empty() ? value : value->default_value(now);
}

// What Boost needs to read words and files and to list the options.
po::options_description described(const OptionTables& tables) {
  po::options_description all(110, 55);
  for (const core::OptionTable& table : tables) {
    po::options_description group(table.title);
    for (const core::Option& option : table.options) {
      const std::string name = option.letter.empty() ? option.name : option.name + "," + option.letter;
      group.add_options()(name.c_str(), semantic_of(option), with_flags(option.explanation()).c_str());
    }
    all.add(group);
  }
  return all;
}

// Sets what a file gives; a wrong value is an error of the file, also where the command line overrides it.
void set_from_file(const std::string& path, const po::options_description& options, const OptionTables& tables) {
  try {
    po::parsed_options parsed = parse_file(path, options, false);
    for (const po::option& option : parsed.options)
      if (command_line_only.contains(option.string_key))
        throw Error(ExitCode::config, "the key '" + option.string_key + "' has no meaning in a file")
            .remedy("It belongs to the command line: remove it");
    po::variables_map values;
    po::store(parsed, values);
    set(tables, values);
  } catch (const po::unknown_option& error) {
    throw unknown_key(restored(error.get_option_name()), options).in_file(path);
  } catch (const po::error& error) {
    throw Error(ExitCode::config, io::shown(restored(error.what()), max_message_bytes))
        .in_file(path)
        .remedy("'--print-config' prints a file that can be read");
  } catch (Error& error) {
    throw error.place().file.empty() ? error.as(ExitCode::config).in_file(path) : error;
  }
}

// One line of a file for --config.
std::string config_line(const std::string& name, const std::string& value) {
  std::string line = name + " = " + value + "\n";
  const bool has_comment = guarded(line).find('#') != std::string::npos;
  if (!has_comment && value.find('\n') == std::string::npos) return line;
  throw Error(ExitCode::usage, "a configuration file cannot hold the value of --" + name +
                                   ": a '#' after a blank begins a comment there, and a line ends a value")
      .remedy("Rename what it names, or give it on the command line alone");
}

}  // namespace

core::OptionTable describe(GeneralOptions& o) {
  using core::field;
  using core::Shapes;
  const auto check_time = [](const std::string& text) { core::parse_duration(text, field("hang-timeout")); };
  return {
      "General",
      {core::toggle(o.help, {"help,h", "", Shapes::nothing, "show this help"}),
       core::text(o.config, {"config", "FILE", Shapes::nothing,
                             "INI file with options, one 'name = value' on each line; the command line overrides it"}),
       core::toggle(o.print_config, {"print-config", "", Shapes::nothing,
                                     "print the options as a file for " + field("config") + ", and stop"}),
       core::choice(o.log, log_format_names, {"log", "FORMAT", Shapes::nothing, "log on stderr: text or json"}),
       core::toggle(o.quiet, {"quiet,q", "", Shapes::nothing, "log warnings and errors only"}),
       core::number(o.threads, {0, most_threads},
                    {"threads", "N", Shapes::nothing,
                     "threads of each rank; 0: OMP_NUM_THREADS, or the cores that the rank may use; results do not "
                     "depend on it"}),
       core::text(o.simd, {"simd", "WIDTH", Shapes::nothing,
                           "vector instructions: auto, avx512, avx2, sse4 or emu128; results do not depend on it"}),
       core::text(o.hang_timeout, check_time,
                  {"hang-timeout", "TIME", Shapes::nothing,
                   "end the job with the name of the rank where ranks wait this long for another one, for example "
                   "30m; default: wait for ever"})}};
}

std::vector<std::string> positional_options(const std::string& positional) {
  std::istringstream text(positional);
  return {std::istream_iterator<std::string>(text), {}};
}

std::string positional_text(const std::string& positional) {
  std::vector<std::string> flags;
  for (const std::string& name : positional_options(positional)) flags.push_back("--" + name);
  return flags.size() == 1 ? "a word without a flag belongs to " + flags.front()
                           : "words without a flag belong to " + core::all_of(flags) + ", in this order";
}

void parse(const std::vector<std::string>& words, const OptionTables& tables, const std::string& positional) {
  const po::options_description options = described(tables);
  const po::variables_map values = read_words(words, options, positional);
  if (values.count("config") > 0) set_from_file(values["config"].as<std::string>(), options, tables);
  set(tables, values);
}

std::string printed_config(const OptionTables& tables) {
  std::string text;
  for (const core::OptionTable& table : tables)
    for (const core::Option& option : table.options) {
      if (command_line_only.contains(option.name)) continue;
      text += "# " + with_flags(option.explanation()) + "\n";
      const std::vector<std::string> values = option.texts();
      if (values.empty()) text += "# " + option.name + " =\n";
      for (const std::string& value : values)
        text += value.empty() ? "# " + option.name + " =\n" : config_line(option.name, value);
    }
  return text;
}

std::string listed(const OptionTables& tables) {
  std::ostringstream text;
  text << described(tables);
  return text.str();
}

std::string with_flags(std::string_view text) { return core::with_fields(text, "--"); }

std::vector<portfolio::Setting> read_settings(const std::string& path) {
  std::vector<portfolio::Setting> settings;
  try {
    const po::options_description none;
    for (const po::option& option : parse_file(path, none, true).options)
      settings.push_back({option.string_key, option.value.empty() ? "" : option.value.front()});
  } catch (const po::error& error) {
    throw Error(ExitCode::config, io::shown(restored(error.what()), max_message_bytes))
        .in_file(path)
        .remedy("A line is '[section]', 'key = value' or '# comment'");
  }
  return settings;
}

}  // namespace cardseg::cli
