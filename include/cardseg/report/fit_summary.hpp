// What `fit` says of its result.
#pragma once

#include <string>
#include <vector>

#include "cardseg/profile/rules.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// What a fit knows beside its model.
struct FitRun {
  RowCounts rows;
  std::vector<std::string> warnings;  ///< fit_warnings()
  double unsettled_share = 0.0;       ///< assignments that the screen left to the definition
  RunCosts costs;
  std::string directory;
  profile::DisclosureOptions disclosure;  ///< sizes of segments are withheld by
  std::vector<profile::RuleTree> trees = {};
};

/// Pure.
Document fit_summary(const segments::Model& model, const FitRun& run);

}  // namespace cardseg::report
