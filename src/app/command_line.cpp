#include "cardseg/app/command_line.hpp"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "cardseg/core/error.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::app {
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

Error unknown_name(ExitCode code, const std::string& what, const std::string& name, const po::options_description& options) {
  const std::string guess = core::nearest_name(name, names_of(options));
  Error error(code, "unknown " + what + " '" + name + "'");
  error.remedy(guess.empty() ? "--help lists the options" : "Did you mean '" + guess + "'?");
  return error;
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
    throw unknown_name(ExitCode::usage, "option", without_dashes(error.get_option_name()), options);
  } catch (const po::too_many_positional_options_error&) {
    throw Error(ExitCode::usage, "a word on the command line belongs to no option").remedy("--help shows how to call it");
  } catch (const po::error& error) {
    throw Error(ExitCode::usage, error.what()).remedy("--help shows how to call it");
  }
  if (values.count("config") == 0 || values["config"].as<std::string>().empty()) return values;
  const std::string path = values["config"].as<std::string>();
  std::istringstream file(io::read_file(path));
  try {
    po::store(po::parse_config_file(file, options, false), values);
  } catch (const po::unknown_option& error) {
    throw unknown_name(ExitCode::config, "key", error.get_option_name(), options).in_file(path);
  } catch (const po::error& error) {
    throw Error(ExitCode::config, error.what()).in_file(path).remedy("'--print-config' prints a file that can be read");
  }
  return values;
}

std::string text_of(const boost::any& value) {
  if (const auto* text = boost::any_cast<std::string>(&value)) return *text;
  if (const auto* number = boost::any_cast<int>(&value)) return std::to_string(*number);
  if (const auto* number = boost::any_cast<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = boost::any_cast<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* number = boost::any_cast<double>(&value)) return fmt::format("{}", *number);
  if (const auto* flag = boost::any_cast<bool>(&value)) return *flag ? "true" : "false";
  throw Error(ExitCode::internal, "an option has a type that --print-config does not know");
}

}  // namespace

po::options_description describe(GeneralOptions& o) {
  po::options_description options("General");
  options.add_options()                                                                                         //
      ("help,h", po::bool_switch(&o.help), "show this help")                                                    //
      ("config", po::value(&o.config)->value_name("FILE"), "INI file with options, one 'name = value' a line; "
                                                           "the command line overrides it")                     //
      ("print-config", po::bool_switch(&o.print_config), "print the options as a file for --config, and stop")  //
      ("log", po::value(&o.log)->default_value(o.log)->value_name("FORMAT"), "log on stderr: text or json")     //
      ("quiet,q", po::bool_switch(&o.quiet), "log warnings and errors only")                                    //
      ("threads", po::value(&o.threads)->default_value(o.threads)->value_name("N"),
       "threads of each rank; 0: OMP_NUM_THREADS, or the cores that the rank may use. Results do not depend on it")  //
      ("simd", po::value(&o.simd)->default_value(o.simd)->value_name("WIDTH"),
       "vector instructions: auto, avx512, avx2, sse4 or emu128. Results do not depend on it");
  return options;
}

void parse(const std::vector<std::string>& words, const po::options_description& options, const std::string& positional) {
  po::variables_map values = read_options(words, options, positional);
  try {
    po::notify(values);
  } catch (const po::error& error) {
    throw Error(ExitCode::usage, error.what()).remedy("--help shows how to call it");
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
      for (const std::string& each : *list) text += name + " = " + each + "\n";
    } else {
      text += name + " = " + text_of(values[name].value()) + "\n";
    }
  }
  return text;
}

std::vector<portfolio::Setting> read_settings(const std::string& path) {
  std::istringstream file(io::read_file(path));
  std::vector<portfolio::Setting> settings;
  try {
    const po::options_description none;
    for (const po::option& option : po::parse_config_file(file, none, true).options)
      settings.push_back({option.string_key, option.value.empty() ? "" : option.value.front()});
  } catch (const po::error& error) {
    throw Error(ExitCode::config, error.what()).in_file(path).remedy("A line is '[section]', 'key = value' or '# comment'");
  }
  return settings;
}

}  // namespace cardseg::app
