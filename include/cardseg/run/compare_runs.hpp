// Two segmentations of overlapping customers: who moved, and why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/core/enum_names.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/monitor/migration_tables.hpp"
#include "cardseg/monitor/published_migration.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/run/result_config.hpp"

namespace cardseg::run {

/// Which segments of two runs are the same: those of one number, or those that share most customers.
enum class SameBy { number, customers };
inline constexpr core::EnumNames<SameBy> same_by_names = {"number", "customers"};

struct CompareOptions {
  std::string before;                 ///< directory of a run of fit or assign, or of label files
  std::string after;                  ///< likewise
  std::string column;                 ///< a text column of `shards` in place of `after`: the bank's own segmentation
  std::vector<std::string> shards;    ///< that the customers before were labelled from
  std::vector<std::string> shards_b;  ///< likewise after
  std::string model;                  ///< of the labels before; empty: the run's own
  std::string model_b;                ///< of those after
  SameBy same_by = SameBy::number;
  std::string border = "auto";  ///< "auto", or a change of margin from 0 to 1
  std::string value;            ///< a column; empty: the first that the model knows as one
  std::string weight;           ///< a column; empty: what the model knows as one, or each customer counts as 1
  profile::DisclosureOptions disclosure;
  cli::OutputOptions output;
};

cli::OptionTables describe(CompareOptions& options);
/// Throws core::Error(usage).
void validate(const CompareOptions& options);

/// What came out.
struct RunComparison {
  monitor::PublishedMigration migration;
  monitor::SideNames names;    ///< numbers, or levels of the column
  monitor::SideNames meaning;  ///< what segments are called; empty where nobody says
  /// Of the customers after, where there are shards of them, else before: group 1 stayed, group 2 moved. None: without
  /// shards.
  std::optional<profile::Profile> profile;
  std::string value_column;  ///< empty: none
  io::ShardSet inputs;       ///< the labels before
  std::int64_t rows = 0;     ///< labels of both sides
  ResultConfig config;
  std::vector<std::string> warnings;
};

/// Collective. Reads both label sets, scores where both models and both shards are there, joins and counts. Throws
/// comm::AgreedError: input_missing, bad_data (no common customers, an id that comes twice, months in the wrong order,
/// labels of other shards or another model, shards of another schema).
RunComparison compare_runs(cli::Context& context, const CompareOptions& options);

}  // namespace cardseg::run
