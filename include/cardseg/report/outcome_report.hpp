// The page, and the closing lines, of a campaign's outcome.
#pragma once

#include <string>
#include <vector>

#include "cardseg/monitor/outcome_tables.hpp"
#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. The campaign by segment; which segment answered to what, over all campaigns of the log.
Document outcome_report(const monitor::ToldOutcome& outcome, const std::vector<monitor::LoggedOutcome>& log);

/// Pure. The closing lines of the job.
Document outcome_summary(const monitor::ToldOutcome& outcome, const std::vector<std::string>& warnings,
                         const std::string& directory, const std::string& log);

}  // namespace cardseg::report
