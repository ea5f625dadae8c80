// Shares of customers who did something: intervals that hold for small numbers, too, and whether two shares differ.
#pragma once

#include <cstdint>

namespace cardseg::quality {

/// So many of so many customers. Precondition everywhere: 0 <= hits <= customers.
struct Proportion {
  std::int64_t hits = 0;
  std::int64_t customers = 0;

  /// NaN of nobody.
  double share() const;
};

struct Interval {
  double low = 0.0;
  double high = 0.0;

  bool contains(double value) const { return low <= value && value <= high; }
};

/// Pure. The exact interval of a share (Clopper, Pearson 1934): it covers the true one in at least `level` of all
/// samples. Of nobody 0 to 1.
Interval clopper_pearson(const Proportion& proportion, double level = 0.95);

/// Pure. The score interval of a share (Wilson 1927). Of nobody 0 to 1.
Interval wilson(const Proportion& proportion, double level = 0.95);

/// Pure. The interval of first.share() - second.share() for independent customers (Newcombe 1998, method 10: from two
/// Wilson intervals). Of nobody -1 to 1.
Interval newcombe(const Proportion& first, const Proportion& second, double level = 0.95);

/// Pure. The probability of a difference at least as large where both shares are the same: two-sided, chi-squared with
/// one degree of freedom, pooled, without a correction. 1 where nothing can differ.
double equal_shares_probability(const Proportion& first, const Proportion& second);

/// Pure. The smallest difference from `share` that a comparison of two groups of these sizes finds in four of five
/// cases (power 0.8) at a two-sided level of 0.05: (z_0.975 + z_0.8) sqrt(p (1 - p) (1 / n + 1 / m)). NaN where a
/// group is empty.
double detectable_difference(double share, std::int64_t first_customers, std::int64_t second_customers);

/// Pure. The point below which a standard normal variable lies with this probability, 0 < probability < 1.
double normal_quantile(double probability);

}  // namespace cardseg::quality
