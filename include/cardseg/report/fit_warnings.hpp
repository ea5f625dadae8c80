// What is to be known of a fit before its segments are used.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cluster/small_segments.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. A sentence each: the fit stopped at its limit of iterations; segments are smaller than `min_cell`; of several
/// restarts only one came to the least inertia, or none; a study fitted it again from fewer segments. Empty where there
/// is nothing to say.
std::vector<std::string> fit_warnings(const segments::Model& model, const profile::DisclosureOptions& options);

/// Pure. One for each segment that was merged because it had fewer customers than `min_segment`; not how many where
/// that is below min-cell.
std::vector<std::string> merge_warnings(const std::vector<cluster::MergedSegment>& merged,
                                        const std::string& min_segment, const profile::DisclosureOptions& options);

}  // namespace cardseg::report
