// A model for a new month that keeps the segments of the old one: their numbers, their names, and by and large their
// customers.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/monitor/refreshed_segments.hpp"
#include "cardseg/monitor/warm_fit.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/report/language.hpp"
#include "cardseg/run/fit_portfolio.hpp"
#include "cardseg/run/guard.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::run {

struct RefreshOptions {
  segments::ScoreOptions score;  ///< the old model
  cli::InputOptions input;
  monitor::WarmFitOptions fit;
  GuardOptions guard;
  profile::DisclosureOptions disclosure;
  report::WordOptions words;
  segments::PseudonymOptions pseudonyms;
  cli::OutputOptions output;
};

cli::OptionTables describe(RefreshOptions& options);
/// Throws core::Error(usage).
void validate(const RefreshOptions& options);

/// What came out.
struct RefreshedPortfolio {
  io::ShardSet shards;
  PortfolioFit fit;
  monitor::Refresh refresh;
  ResultConfig config;
  plan::MemoryPlan plan;
  segments::CustomerNames names;  ///< of label files

  /// The files of a fit, with a chapter on the refresh in the report, and refresh.csv. They refer to this.
  std::vector<TextFile> texts(const profile::DisclosureOptions& disclosure) const;
};

/// Collective. Reads headers, prepares the output directory, scores with the old model, fits from its centroids, names
/// and profiles. Columns are prepared as the old model prepares them. Throws comm::AgreedError: what scoring and
/// monitor::warm_fit throw.
RefreshedPortfolio refresh_portfolio(cli::Context& context, const RefreshOptions& options);

}  // namespace cardseg::run
