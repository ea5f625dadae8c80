// What a user chooses about a conversion.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::convert {

/// What is done with rows that do not parse.
enum class BadRows { error, skip };
inline constexpr core::EnumNames<BadRows> bad_rows_names = {"error", "skip"};

struct ConvertOptions {
  std::filesystem::path input;             ///< the CSV file; a regular file that all ranks can read
  std::filesystem::path output_directory;  ///< made where absent; gets `<stem of input>-00000-of-00007.h5`, ...
  std::int64_t rows_per_shard =
      1'000'000;       ///< rows in every shard but the last; 1 to 10^12; at most 10^6 shards result
  char delimiter = 0;  ///< any ASCII byte but quote, letters, digits and line ends; 0: detected
  std::string missing =
      "NA,N/A,#N/A,NaN,nan,NULL,null";          ///< words for a missing value beside the empty field, by commas
  std::map<std::string, io::ColumnType> types;  ///< column name to type; the other columns' types are inferred
  std::vector<std::string> exclude;             ///< names of columns that are left out of the shards
  BadRows bad_rows = BadRows::error;            ///< error: the first one ends the job; skip: counted, listed, left out
  std::string bad_rows_file;  ///< name of the list inside output_directory; empty: `<stem>-bad-rows.txt`
  int deflate_level = 0;      ///< compression of the shards; 0 (none) to 9
  bool overwrite = false;     ///< replace an older set of shards of the same stem
};

core::OptionTable describe(ConvertOptions& options);

/// Throws core::Error(usage) with the field, its value and the allowed range.
void validate(const ConvertOptions& options);

/// Pure. The name of the list of bad rows inside the output directory.
std::string bad_rows_name(const ConvertOptions& options);

}  // namespace cardseg::convert
