// Where customers went, as a Sankey picture: bands from segments before to segments after, as thick as customers are
// many.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/migration_report.hpp"

namespace cardseg::report {

/// Pure. Ways that may not be told are left out; so is, of more than 40 segments on a side, everything.
std::optional<Picture> migration_chart(const MigrationContent& content);

}  // namespace cardseg::report
