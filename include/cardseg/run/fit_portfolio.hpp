// A fit from shards to model and scores.
#pragma once

#include <optional>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/cluster/small_segments.hpp"
#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/quality/trust_options.hpp"
#include "cardseg/report/fit_content.hpp"
#include "cardseg/report/language.hpp"
#include "cardseg/report/segment_words.hpp"
#include "cardseg/run/portfolio_run.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/run/study_record.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

/// Throws core::Error(usage) where the options of a fit do not go together.
void validate_fit(const cluster::FitOptions& options, const cluster::SizeOptions& sizes);

/// Collective. As PortfolioRun::plan_memory for this fit.
plan::MemoryPlan plan_fit_memory(PortfolioRun& run, const cluster::FitOptions& options, const EvidenceOptions& against);

/// What a fit found.
struct PortfolioFit {
  segments::Model model;
  cluster::Scores local_scores;
  std::vector<std::string> warnings;             ///< report::fit_warnings()
  double unsettled_share = 0.0;                  ///< assignments that the screen left to the definition
  profile::Profile profile = {};                 ///< of every column, as it may leave the program
  std::vector<report::SegmentWords> words = {};  ///< of the profile; the model has its names from them
  report::FitEvidence evidence = {};             ///< how far segments are apart
  report::Language language = report::Language::en;
  std::optional<profile::PrincipalSpace> space = {};  ///< on its way into the model's baseline

  /// Model, tables and report. They refer to this fit.
  std::vector<TextFile> texts() const;
};

/// Collective. Loads the portfolio, seeds, iterates, merges segments that are too small, scores, tests stability and
/// profiles, with a phase for each, says the warnings, and names the segments. Throws comm::AgreedError.
PortfolioFit fit_portfolio(PortfolioRun& run, const cluster::FitOptions& options, const cluster::SizeOptions& sizes,
                           const report::WordOptions& words, const EvidenceOptions& against,
                           const plan::MemoryPlan& plan);

}  // namespace cardseg::run
