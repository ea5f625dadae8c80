// Options: defaults < configuration file < command line; unknown names are errors with the nearest known one.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <string>
#include <vector>

#include "cardseg/portfolio/description.hpp"

namespace cardseg::cli {

/// Options that every job has.
struct GeneralOptions {
  bool help = false;
  bool print_config = false;
  std::string config;        ///< INI file with further options
  std::string log = "text";  ///< text or json
  bool quiet = false;
  int threads = 0;  ///< OpenMP threads a rank, 0: what OMP_NUM_THREADS or the allowed cores say
  std::string simd = "auto";
  std::string hang_timeout;  ///< as parse_duration reads it; empty: no limit
};

boost::program_options::options_description describe(GeneralOptions& options);

/// Fills everything that `options` describes. Throws core::Error: usage (command line), config (file), input_missing.
void parse(const std::vector<std::string>& words, const boost::program_options::options_description& options,
           const std::string& positional);

/// The options of `options` as an INI file that --config reads back. Call after `parse`.
std::string printed_config(const std::vector<std::string>& words,
                           const boost::program_options::options_description& options, const std::string& positional);

/// The settings of an INI file in their order, as portfolio::make_description takes them. Throws core::Error:
/// config where a line cannot be read, input_missing.
std::vector<portfolio::Setting> read_settings(const std::string& path);

}  // namespace cardseg::cli
