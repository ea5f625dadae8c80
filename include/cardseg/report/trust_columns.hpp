// What segments.csv says of how far a segment can be trusted: the figures of the page's table.
#pragma once

#include <vector>

#include "cardseg/report/fit_content.hpp"
#include "cardseg/segments/tables.hpp"

namespace cardseg::report {

/// Pure. verdict; silhouette, nothing where there is one segment, and of a segment of which too few customers were
/// measured; near_border, its customers near a border; next_segment and next_customers, the segment that most of its
/// customers would be in, were it not there, and how many.
std::vector<segments::SegmentColumn> trust_columns(const FitContent& content);

}  // namespace cardseg::report
