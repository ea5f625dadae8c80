// Disclosure control: which figures of a profile may leave the program.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/core/option.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

struct DisclosureOptions {
  /// Customers, 0 to 1,000,000: figures of fewer are withheld. 0: nothing is, whatever few customers it gives away.
  std::int64_t min_cell = 10;

  bool is_off() const { return min_cell == 0; }
};

core::OptionTable describe(DisclosureOptions& options);
/// Throws core::Error(usage).
void validate(const DisclosureOptions& options);

/// A total or a mean is withheld of which a customer, or two of them, have more than these shares.
inline constexpr double most_of_one = 0.50;
inline constexpr double most_of_two = 0.85;

/// Pure; serial, so the same on all ranks. The profile that may leave the program, without `dominance`. Figures that
/// say too much of fewer than `min_cell` customers, or of one or two with most of a total, are withheld, and so are as
/// many others as it takes that none of these can be computed from what is left:
/// - segments of fewer customers, and further ones of the fewest, until what is known of them is their sum;
/// - counts of fewer customers (levels, zeros, missing ones; a count of nobody is published), and further ones as
///   `withheld_cells` chooses; shares, indexes and differences with the counts that they are made of;
/// - mean, standard deviation, total and what is made of them, where fewer customers have a value other than zero or
///   one or two dominate, and further ones until those that are withheld would together be published;
/// - quantiles with fewer customers below or above.
/// Measures of a whole table (effect and overlap of categories, separation, Cramer's V) are those of what is published:
/// withheld levels or segments count as one.
/// Columns of the same name as a crosstab share its cells. docs/disclosure.md has the reasons.
/// Precondition: the profile is exact, counts add up, and the whole is not withheld. Cost: that of withheld_cells.
Profile disclosed(Profile exact, const DisclosureOptions& options);

/// Pure. The same of segments' sizes alone, those of segment 1 first, whose customers are the whole.
Profile disclosed_sizes(const std::vector<std::int64_t>& customers, const DisclosureOptions& options);

}  // namespace cardseg::profile
