// How far two distributions over the same cells are apart, and how far chance alone would take them.
//
// p, q: shares of the cells then (of n customers) and now (of m). Effect sizes do not grow with customers; noise levels
// shrink as customers grow.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::monitor {

/// Customers of the same cells at two times; as many of each.
struct CellCounts {
  std::vector<std::int64_t> then;
  std::vector<std::int64_t> now;

  std::int64_t all_then() const;
  std::int64_t all_now() const;
  /// Cells that hold anybody at any of the two times.
  int filled() const;
};

// All are pure, serial and in the order of the cells, so the same on all ranks. NaN where nobody is there at one of the
// two times.

/// Population stability index, sum (q - p) ln(q / p). An empty cell counts as half a customer: a share is
/// max(count, 1/2) / customers. Cells that are empty both times are left out.
double population_stability(const CellCounts& cells);

/// What PSI is no more than in 95 of 100 pairs of independent samples of one distribution: (1/n + 1/m) times the 95 %
/// point of chi-squared with B - 1 degrees, B the cells that are filled (Yurdakul and Naranjo 2020).
double stability_noise(const CellCounts& cells);

/// The probability that independent samples of one distribution differ by as much: Pearson's chi-squared of the 2 x B
/// table, B - 1 degrees. 1 where fewer than two cells are filled.
double chance_of(const CellCounts& cells);

/// The largest difference of the cumulated shares: Kolmogorov and Smirnov's distance, on cells in their order.
double ks_distance(const CellCounts& cells);

/// The sum of the lesser of the two shares: 1 where distributions are the same.
double overlap(const CellCounts& cells);

/// Cramer's V of the time against the cells, 0 to 1.
double cramers_v(const CellCounts& cells);

/// Customers that stand at a place each, in ascending order of the places.
struct PlacedCounts {
  CellCounts cells;
  std::vector<double> places;
};

/// Where the customers then stand on average, and their standard deviation about it: a spread.
struct Spread {
  double mean = 0.0;
  double sd = 0.0;
};
Spread spread_then(const PlacedCounts& placed);

/// Wasserstein's distance of order 1, the mean way from then to now: the sum of |P - Q| times the way to the next
/// place, P and Q cumulated shares; in spreads of then. NaN where there is no spread.
double wasserstein(const PlacedCounts& placed);

/// The mean now less that of then, in the same spreads.
double mean_shift(const PlacedCounts& placed);

/// Population resemblance: the probability of a Pearson's chi-squared as large as found, were the distance
/// sum (q - p)^2 / pooled share as large as `tolerance`: non-central chi-squared of B - 1 degrees and non-centrality
/// tolerance / (1/n + 1/m) (Potgieter, van Zyl, Schutte and Lombard 2023). A small one says that the populations are
/// further apart than the tolerance. Above 10,000 the non-central distribution is taken as the normal one of its mean
/// and variance.
double resemblance(const CellCounts& cells, double tolerance);

/// The probability of a normal deviate of |z| or more, either way.
double chance_of_deviation(double z);

}  // namespace cardseg::monitor
