// report.html of a month: what has changed since the fit, with lights and their reasons.
#pragma once

#include <string>
#include <vector>

#include "cardseg/monitor/drift.hpp"
#include "cardseg/monitor/drift_history.hpp"
#include "cardseg/report/document.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

struct DriftContent {
  const segments::Model& model;
  const monitor::Drift& drift;
  const monitor::DriftHistory& history;
  const monitor::WatchOptions& watch;
  std::vector<std::string> warnings = {};
};

/// Pure. The lights first, then every column, the distributions of those that changed most, segments, and, with a
/// history, curves over months. Aggregates only.
Document drift_report(const DriftContent& content);

/// What the job knows beside the result.
struct DriftRun {
  RunCosts costs;
  std::string directory;
};

/// Pure. The closing lines of the job.
Document drift_summary(const DriftContent& content, const DriftRun& run);

}  // namespace cardseg::report
