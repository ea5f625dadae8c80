// A study from shards to measured models.
#pragma once

#include <string>
#include <vector>

#include "cardseg/plan/memory_plan.hpp"
#include "cardseg/portfolio/trust_thresholds.hpp"
#include "cardseg/quality/studied_model.hpp"
#include "cardseg/quality/study_options.hpp"
#include "cardseg/quality/trust_options.hpp"
#include "cardseg/report/study_report.hpp"
#include "cardseg/report/study_tables.hpp"
#include "cardseg/run/portfolio_run.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

/// Of each number of segments: what was measured, and the model as a fit would write it.
struct PortfolioStudy {
  std::vector<quality::StudiedModel> measured;
  std::vector<segments::Model> models;
  std::vector<std::string> warnings;             ///< report::fit_warnings(), a line for each model that has some
  double unsettled_share = 0.0;                  ///< of all fits
  profile::DisclosureOptions disclosure;         ///< sizes of segments are withheld by
  std::vector<quality::Contingency> flows = {};  ///< [m]: from model m to model m + 1
  quality::Recommendation recommendation = {};
  portfolio::TrustThresholds thresholds = {};

  /// The folders of the models.
  std::vector<std::string> folders() const;
  /// The sizes of a model's segments that are not withheld.
  profile::Profile published(const segments::Model& model) const;
  /// The rows of the study's tables; they refer to `measured`.
  std::vector<report::StudyEntry> entries() const;
  /// What its page is made of.
  report::StudyContent content() const;
  /// The page and the tables of the study, and model and centroids of each number of segments. They refer to this
  /// study.
  std::vector<TextFile> texts(std::int64_t silhouette_sample) const;
};

/// Collective. Loads the portfolio once and fits, measures and compares every number of segments, with a phase for
/// each, and says the warnings. Throws comm::AgreedError.
PortfolioStudy study_portfolio(PortfolioRun& run, const quality::StudyOptions& options,
                               const quality::TrustOptions& trust, const plan::MemoryPlan& plan);

}  // namespace cardseg::run
