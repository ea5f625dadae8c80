// The profile of a portfolio by the segments of a model, and the files that it becomes.
#pragma once

#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/profile/risk.hpp"
#include "cardseg/run/portfolio_run.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

/// A portfolio by segment, as it may leave the program.
struct PortfolioProfile {
  profile::Profile published;
  profile::Baseline baseline;  ///< without its `space`
};

/// Customers with the segments that a model gives them.
struct ScoredPortfolio {
  const comm::Communicator& comm;
  const io::ShardSet& shards;
  const portfolio::Schema& schema;  ///< of these shards
  const segments::Model& model;
  const cluster::Scores& local_scores;
};

/// Collective. Of every column of the schema, each read once, by segment (profile::compute_profile,
/// profile::disclosed, profile/baseline.hpp).
PortfolioProfile profile_scored(const ScoredPortfolio& scored, const profile::DisclosureOptions& disclosure,
                                core::Events& events);

/// Collective. The same of a run.
PortfolioProfile profile_portfolio(PortfolioRun& run, const segments::Model& model,
                                   const cluster::Scores& local_scores);

/// Pure. The names of the columns that shaped the segments.
std::vector<std::string> columns_in_distance(const segments::Model& model);

/// Pure. profile.csv, profile.json, the tables of crossed columns, and risk.csv where columns are named under risk;
/// `profile` outlives them. `previous`: rates of the last period. Throws what profile::risk_rates throws.
std::vector<TextFile> profile_texts(const profile::Profile& profile,
                                    const std::vector<profile::RiskRate>& previous = {});

}  // namespace cardseg::run
