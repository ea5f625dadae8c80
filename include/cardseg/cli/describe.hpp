// Options that several jobs share: which shards are read, how their columns become features, where a job writes.
#pragma once

#include <string>
#include <vector>

#include "cardseg/core/option.hpp"
#include "cardseg/io/shard_file.hpp"
#include "cardseg/portfolio/precision.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::cli {

/// Which shards a job reads.
struct InputOptions {
  std::vector<std::string> shards;   ///< files or directories
  std::vector<std::string> columns;  ///< names for 2-D matrices
  bool no_links = false;             ///< symbolic links among the shards are refused
};

/// How columns become features.
struct FeatureOptions {
  std::string description;           ///< INI file
  std::string id;                    ///< empty: see portfolio::make_schema
  std::vector<std::string> exclude;  ///< columns that are no features
  /// Of columns that the file does not describe.
  portfolio::Transform transform = portfolio::ColumnSettings().transform;
  portfolio::Scale scale = portfolio::ColumnSettings().scale;
  portfolio::Missing missing = portfolio::ColumnSettings().missing;
  int max_levels = portfolio::ColumnSettings().max_levels;
  portfolio::Precision precision = portfolio::Precision::float32;
};

/// Where a job writes.
struct OutputOptions {
  std::string output;
  bool overwrite = false;
};

core::OptionTable describe(InputOptions& options);
core::OptionTable describe(FeatureOptions& options);
core::OptionTable describe(OutputOptions& options);

/// Throw core::Error(usage) where a required option is missing.
void validate(const InputOptions& options);
void validate(const OutputOptions& options);

io::ShardReadOptions read_options(const InputOptions& options);
/// What the description file, if any, says of `columns`, with the command line's id, exclude and defaults on top.
/// Throws core::Error: usage where the command line is wrong, config where the file is, bad_data where no feature is
/// left.
portfolio::Schema resolve(const FeatureOptions& options, const std::vector<io::StoredColumn>& columns);

}  // namespace cardseg::cli
