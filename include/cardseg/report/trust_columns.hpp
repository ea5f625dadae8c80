// What segments.csv says of how far a segment can be trusted: the figures of the page's table.
#pragma once

#include <vector>

#include "cardseg/report/fit_content.hpp"
#include "cardseg/segments/tables.hpp"

namespace cardseg::report {

/// Pure. silhouette; nothing where there is one segment, and of a segment that tells of too few customers.
std::vector<segments::SegmentColumn> trust_columns(const FitContent& content);

}  // namespace cardseg::report
