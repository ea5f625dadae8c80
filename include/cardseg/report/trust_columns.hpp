// What segments.csv and trust.csv say of how far segments can be trusted: the figures of the page's tables.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/fit_content.hpp"
#include "cardseg/segments/tables.hpp"

namespace cardseg::report {

/// Pure. verdict; silhouette, nothing where there is one segment, and of a segment of which too few customers were
/// measured; near_border, its customers near a border; next_segment and next_customers, the segment that most of its
/// customers would be in, were it not there, and how many; stability, null_stability, and
/// the verdicts one by one.
std::vector<segments::SegmentColumn> trust_columns(const FitContent& content);

/// Pure. trust.csv: for each size of resamples and each segment its stability, that of data without segments, and how
/// many times these are as unstable; segment 0 is the mean of all; judged 1: the verdicts are of this size.
std::string trust_csv(const FitContent& content);

}  // namespace cardseg::report
