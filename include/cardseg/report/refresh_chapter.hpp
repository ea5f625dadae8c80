// Old beside new: what a refresh did to the segments.
#pragma once

#include <string>
#include <vector>

#include "cardseg/monitor/refreshed_segments.hpp"
#include "cardseg/report/document.hpp"
#include "cardseg/report/run_summary.hpp"

namespace cardseg::report {

/// Pure. A chapter of the report.
Document refresh_chapter(const monitor::Refresh& refresh, const profile::DisclosureOptions& disclosure);

/// Pure. The closing lines of the job.
Document refresh_summary(const monitor::Refresh& refresh, const profile::DisclosureOptions& disclosure,
                         const RowCounts& rows, const std::vector<std::string>& warnings, const RunCosts& costs,
                         const std::string& directory);

}  // namespace cardseg::report
