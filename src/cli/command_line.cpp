#include "cardseg/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>
#include <set>
#include <sstream>

#include "cardseg/core/error.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/io/atomic_file.hpp"

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

// Boost ends a line at any '#'. Here one begins a comment at the begin of a line or after a blank; others, as in the
// missing value '#N/A', pass Boost as a byte that no such file holds.
constexpr char guarded_sign = '\x01';

std::string guarded(std::string text) {
  for (std::size_t i = 1; i < text.size(); ++i)
    if (text[i] == '#' && !std::isspace(static_cast<unsigned char>(text[i - 1]))) text[i] = guarded_sign;
  return text;
}

std::string restored(std::string text) {
  std::ranges::replace(text, guarded_sign, '#');
  return text;
}

po::parsed_options parse_file(const std::string& path, const po::options_description& options, bool allows_unknown) {
  std::istringstream file(guarded(io::read_file(path)));
  po::parsed_options parsed = po::parse_config_file(file, options, allows_unknown);
  for (po::option& option : parsed.options) {
    option.string_key = restored(option.string_key);
    for (std::string& value : option.value) value = restored(value);
  }
  return parsed;
}

// A file's own options with the defaults, checked by themselves so that a wrong value is an error of the file.
po::parsed_options read_config(const std::string& path, const po::options_description& options) {
  try {
    po::parsed_options parsed = parse_file(path, options, false);
    for (const po::option& option : parsed.options)
      if (command_line_only.contains(option.string_key))
        throw Error(ExitCode::config, "the key '" + option.string_key + "' has no meaning in a file")
            .remedy("It belongs to the command line: remove it");
    po::variables_map values;
    po::store(parsed, values);
    po::notify(values);
    return parsed;
  } catch (const po::unknown_option& error) {
    throw unknown_key(restored(error.get_option_name()), options).in_file(path);
  } catch (const po::error& error) {
    throw Error(ExitCode::config, restored(error.what()))
        .in_file(path)
        .remedy("'--print-config' prints a file that can be read");
  } catch (Error& error) {
    throw error.place().file.empty() ? error.as(ExitCode::config).in_file(path) : error;
  }
}

po::variables_map read_options(const std::vector<std::string>& words, const po::options_description& options,
                               const std::string& positional) {
  po::positional_options_description places;
  if (!positional.empty()) places.add(positional.c_str(), -1);
  po::variables_map values;
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    po::store(po::command_line_parser(words).options(options).positional(places).style(style).run(), values);
  } catch (const po::unknown_option& error) {
    throw unknown_option(error.get_option_name(), options);
  } catch (const po::too_many_positional_options_error&) {
    throw Error(ExitCode::usage, "a word on the command line belongs to no option")
        .remedy("--help shows how to call it");
  } catch (const po::error& error) {
    throw Error(ExitCode::usage, error.what()).remedy("--help shows how to call it");
  }
  if (values.count("config") == 0 || values["config"].as<std::string>().empty()) return values;
  po::store(read_config(values["config"].as<std::string>(), options), values);
  return values;
}

std::string value_text(const boost::any& value) {
  if (const auto* text = boost::any_cast<std::string>(&value)) return *text;
  if (const auto* number = boost::any_cast<int>(&value)) return std::to_string(*number);
  if (const auto* number = boost::any_cast<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = boost::any_cast<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* number = boost::any_cast<double>(&value)) return fmt::format("{}", *number);
  if (const auto* flag = boost::any_cast<bool>(&value)) return *flag ? "true" : "false";
  throw Error(ExitCode::internal, "an option has a type that --print-config does not know");
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

po::options_description describe(GeneralOptions& o) {
  po::options_description options("General");
  options.add_options()                                       //
      ("help,h", po::bool_switch(&o.help), "show this help")  //
      ("config", po::value(&o.config)->value_name("FILE"),
       "INI file with options, one 'name = value' a line; "
       "the command line overrides it")                                                                         //
      ("print-config", po::bool_switch(&o.print_config), "print the options as a file for --config, and stop")  //
      ("log", po::value(&o.log)->default_value(o.log)->value_name("FORMAT"), "log on stderr: text or json")     //
      ("quiet,q", po::bool_switch(&o.quiet), "log warnings and errors only")                                    //
      ("threads", po::value(&o.threads)->default_value(o.threads)->value_name("N"),
       "threads of each rank; 0: OMP_NUM_THREADS, or the cores that the rank may use. Results do not depend on it")  //
      ("simd", po::value(&o.simd)->default_value(o.simd)->value_name("WIDTH"),
       "vector instructions: auto, avx512, avx2, sse4 or emu128. Results do not depend on it")  //
      ("hang-timeout", po::value(&o.hang_timeout)->default_value(o.hang_timeout)->value_name("TIME"),
       "end the job, naming the rank, where ranks wait so long for another one, as 30m; default: wait for ever");
  return options;
}

void parse(const std::vector<std::string>& words, const po::options_description& options,
           const std::string& positional) {
  po::variables_map values = read_options(words, options, positional);
  try {
    po::notify(values);
  } catch (const po::error& error) {
    throw Error(ExitCode::usage, error.what()).remedy("--help shows how to call it");
  } catch (Error& error) {
    throw error.as(ExitCode::usage);
  }
}

std::string printed_config(const std::vector<std::string>& words, const po::options_description& options,
                           const std::string& positional) {
  const po::variables_map values = read_options(words, options, positional);
  std::string text;
  for (const auto& option : options.options()) {
    const std::string& name = option->long_name();
    if (command_line_only.contains(name)) continue;
    text += "# " + option->description() + "\n";
    if (values.count(name) == 0) {
      text += "# " + name + " =\n";
    } else if (const auto* list = boost::any_cast<std::vector<std::string>>(&values[name].value())) {
      for (const std::string& each : *list) text += config_line(name, each);
    } else {
      text += config_line(name, value_text(values[name].value()));
    }
  }
  return text;
}

std::vector<portfolio::Setting> read_settings(const std::string& path) {
  std::vector<portfolio::Setting> settings;
  try {
    const po::options_description none;
    for (const po::option& option : parse_file(path, none, true).options)
      settings.push_back({option.string_key, option.value.empty() ? "" : option.value.front()});
  } catch (const po::error& error) {
    throw Error(ExitCode::config, restored(error.what()))
        .in_file(path)
        .remedy("A line is '[section]', 'key = value' or '# comment'");
  }
  return settings;
}

}  // namespace cardseg::cli
