// What `study` says of its result.
#pragma once

#include <string>
#include <vector>

#include "cardseg/quality/preference.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/report/study_tables.hpp"

namespace cardseg::report {

/// What a study knows beside its models.
struct StudyRun {
  std::int64_t customers = 0;
  std::int64_t features = 0;
  std::vector<std::string> warnings;  ///< fit_warnings() of the models
  RunCosts costs;
  std::string directory;
  quality::Recommendation recommendation = {};
};

/// Pure. The numbers of segments side by side, what each criterion prefers, whether they agree, and what to do next.
/// There is at least one entry.
Document study_summary(const std::vector<StudyEntry>& entries, const std::vector<quality::Preference>& preferences,
                       const StudyRun& run);

}  // namespace cardseg::report
