// Pictures of a month: distributions then and now, and curves over months.
#pragma once

#include <optional>

#include "cardseg/report/drift_report.hpp"

namespace cardseg::report {

/// A pair of bars for each cell of a column: its share of the customers at the fit and now.
Picture then_and_now(const monitor::ColumnDrift& column);

/// PSI of the columns that moved most in any month, and of the division into segments, month by month.
std::optional<Picture> psi_over_months(const DriftContent& content);

}  // namespace cardseg::report
