// Each module's options, described once for the command line, the configuration file, --help and --print-config.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <string>
#include <vector>

#include "cardseg/cluster/options.hpp"
#include "cardseg/io/shard_file.hpp"
#include "cardseg/portfolio/precision.hpp"
#include "cardseg/portfolio/schema.hpp"
#include "cardseg/quality/study_options.hpp"

namespace cardseg::cli {

/// Which shards a job reads.
struct InputOptions {
  std::vector<std::string> shards;  ///< files or directories
  std::string columns;              ///< names for 2-D matrices, separated by commas
};

/// How columns become features.
struct FeatureOptions {
  std::string description;  ///< INI file
  portfolio::ColumnSettings defaults;
  std::string id;
  std::string exclude;  ///< columns, separated by commas
  portfolio::Precision precision = portfolio::Precision::float32;
};

/// Where a job writes.
struct OutputOptions {
  std::string output;
  bool overwrite = false;
};

void describe(boost::program_options::options_description& all, InputOptions& options);
void describe(boost::program_options::options_description& all, FeatureOptions& options);
void describe(boost::program_options::options_description& all, OutputOptions& options);
/// `centroids`: the file for Seeding::file.
void describe(boost::program_options::options_description& all, cluster::FitOptions& options, std::string& centroids);
void describe(boost::program_options::options_description& all, quality::StudyOptions& options);

/// "a,b" as its parts; empty parts are dropped.
std::vector<std::string> split_names(const std::string& text);

/// Throw core::Error(usage) where a required option is missing.
void validate(const InputOptions& options);
void validate(const OutputOptions& options);

io::ShardReadOptions read_options(const InputOptions& options);
/// What the description file, if any, says of `columns`, with the command line's id, exclude and defaults on top. Throws
/// core::Error: usage where the command line is wrong, config where the file is, bad_data where no feature is left.
portfolio::Schema resolve(const FeatureOptions& options, const std::vector<io::StoredColumn>& columns);

}  // namespace cardseg::cli
