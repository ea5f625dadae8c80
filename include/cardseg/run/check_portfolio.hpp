// What inspect, validate and assign find out about shards.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/plan/memory_limit.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/report/shards_summary.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

/// Collective. Type, missing values and range of every column. Throws comm::AgreedError (bad_data).
std::vector<report::InspectedColumn> inspect_columns(cli::Context& context, const io::ShardSet& shards);

/// What a portfolio is checked by.
struct CheckOptions {
  cli::InputOptions input;
  cli::FeatureOptions features;
  profile::DisclosureOptions disclosure;
  plan::MemoryOptions memory;
};

cli::OptionTables describe(CheckOptions& options);

/// Collective. Everything that a fit checks before it iterates: headers, description, ids, every feature column,
/// memory. Throws comm::AgreedError.
report::Validated check_portfolio(cli::Context& context, const CheckOptions& options);

/// Collective. A description to begin with, of all columns of the shards (report::starter_description). Throws
/// comm::AgreedError.
std::string describe_portfolio(cli::Context& context, const cli::InputOptions& options);

/// Collective. The shards of a portfolio that `model` scores, with the customers that its filter selects. Warns where
/// it selects nobody. Throws comm::AgreedError: what reading headers and segments::check_schema throw.
io::ShardSet open_scored(cli::Context& context, const cli::InputOptions& input, const segments::Model& model);

/// Collective. Prints which column of shards that `model` scores is the id and which are left out, and checks the ids.
/// Returns the warnings that were said. Throws comm::AgreedError (bad_data).
std::vector<std::string> check_scored(cli::Context& context, const segments::Model& model, const io::ShardSet& shards);

}  // namespace cardseg::run
