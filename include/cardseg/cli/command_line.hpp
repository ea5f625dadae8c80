// Options: defaults < configuration file < command line; unknown names are errors with the nearest known one.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/console.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/portfolio/description.hpp"

namespace cardseg::cli {

/// Options that every job has.
/// Threads of a rank, however they are asked for.
inline constexpr int most_threads = 4096;

struct GeneralOptions {
  bool help = false;
  std::string config;  ///< INI file with further options
  bool print_config = false;
  LogFormat log = LogFormat::text;
  bool quiet = false;
  int threads = 0;  ///< OpenMP threads a rank, 0: what OMP_NUM_THREADS or the allowed cores say
  std::string simd = "auto";
  std::string hang_timeout;  ///< as core::parse_duration reads it; empty: no limit
};

core::OptionTable describe(GeneralOptions& options);

using OptionTables = std::vector<core::OptionTable>;

/// Pure. The options of Job::positional, in their order.
std::vector<std::string> positional_options(const std::string& positional);
/// Pure. "a word without a flag belongs to --shards"; of several, "words without a flag belong to ..., in this order".
std::string positional_text(const std::string& positional);

/// Sets every option of the tables that the words, or a file that they name with --config, give; words without a flag
/// belong to `positional` (Job::positional). Throws core::Error: usage (command line), config (file), input_missing.
void parse(const std::vector<std::string>& words, const OptionTables& tables, const std::string& positional);

/// What the options now hold, as an INI file that --config reads back.
std::string printed_config(const OptionTables& tables);

/// The tables with their titles, as --help shows them.
std::string listed(const OptionTables& tables);

/// A text with fields as flags: for help and messages.
std::string with_flags(std::string_view text);

/// The settings of an INI file in their order, as portfolio::make_description takes them. Throws core::Error:
/// config where a line cannot be read, input_missing.
std::vector<portfolio::Setting> read_settings(const std::string& path);

}  // namespace cardseg::cli
