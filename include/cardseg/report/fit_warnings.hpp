// What is to be known of a fit before its segments are used.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/core/option.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// What reports are told.
struct ReportOptions {
  /// Customers, 1 to 1,000,000: a segment of fewer is warned of.
  std::int64_t min_cell = 10;
};

core::OptionTable describe(ReportOptions& options);
/// Throws core::Error(usage).
void validate(const ReportOptions& options);

/// Pure. A sentence each: the fit stopped at its limit of iterations; segments are smaller than `min_cell`; of several
/// restarts only one came to the least inertia, or none; a study fitted it again from fewer segments. Empty where there
/// is nothing to say.
std::vector<std::string> fit_warnings(const segments::Model& model, const ReportOptions& options);

}  // namespace cardseg::report
