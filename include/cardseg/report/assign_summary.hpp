// What `assign` says of its result.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/run_summary.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// What scoring knows beside its model.
struct AssignRun {
  RowCounts rows;
  cluster::SegmentTotals totals;
  std::vector<std::string> warnings;  ///< of columns that are not as they were at the fit
  RunCosts costs;
  std::string directory;
  profile::DisclosureOptions disclosure;  ///< sizes of segments are withheld by
};

/// Pure.
Document assign_summary(const segments::Model& model, const AssignRun& run);

}  // namespace cardseg::report
