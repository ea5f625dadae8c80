// From a finished fit to the model that is stored.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

/// What a fit was given and what came out of it.
struct FinishedFit {
  const std::vector<portfolio::FittedColumn>& columns;  ///< as loaded
  portfolio::Precision precision;
  /// Every option that shaped it, by name.
  const std::vector<std::pair<std::string, std::string>>& options;
  const cluster::FitResult& result;
  const cluster::SegmentTotals& totals;  ///< of the scores that the result's centroids give
  std::optional<cluster::InertiaBound> bound = {};
  portfolio::Population population = {};
};

/// Pure.
Model make_model(const FinishedFit& fit);

}  // namespace cardseg::segments
