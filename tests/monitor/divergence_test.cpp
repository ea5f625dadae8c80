#include "cardseg/monitor/divergence.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace cardseg::monitor {
namespace {

using testing::IsNan;

const CellCounts halves = {{30, 50, 20}, {10, 50, 40}};

TEST(Divergence, IsNoneBetweenTheSameShares) {
  const CellCounts same = {{10, 20, 30}, {100, 200, 300}};

  EXPECT_EQ(population_stability(same), 0.0);
  EXPECT_EQ(ks_distance(same), 0.0);
  EXPECT_NEAR(overlap(same), 1.0, 1e-15);
  EXPECT_NEAR(cramers_v(same), 0.0, 1e-15);
  EXPECT_NEAR(chance_of(same), 1.0, 1e-12);
  EXPECT_EQ(wasserstein({same, {0.0, 1.0, 5.0}}), 0.0);
}

TEST(Divergence, HasTheValuesOfItsFormulas) {
  EXPECT_NEAR(population_stability(halves), 0.2 * std::log(3.0) + 0.2 * std::log(2.0), 1e-15);
  EXPECT_NEAR(ks_distance(halves), 0.2, 1e-15);
  EXPECT_NEAR(overlap(halves), 0.8, 1e-15);
  // scipy.stats.chi2_contingency([[30, 50, 20], [10, 50, 40]]): statistic 16.666..., p 0.00024036947641951407
  EXPECT_NEAR(cramers_v(halves), std::sqrt(50.0 / 3.0 / 200.0), 1e-15);
  EXPECT_NEAR(chance_of(halves), 0.00024036947641951407, 1e-15);
  // scipy.stats.chi2.ppf(0.95, 2) = 5.991464547107979
  EXPECT_NEAR(stability_noise(halves), 0.02 * 5.991464547107979, 1e-15);
}

TEST(Divergence, MeasuresTheWayInSpreadsOfThen) {
  const PlacedCounts placed = {{{1, 0, 1}, {0, 1, 1}}, {0.0, 2.0, 4.0}};

  EXPECT_EQ(spread_then(placed).mean, 2.0);
  EXPECT_EQ(spread_then(placed).sd, 2.0);
  EXPECT_NEAR(wasserstein(placed), 0.5, 1e-15);  // half the customers go 2, in spreads of 2
  EXPECT_NEAR(mean_shift(placed), 0.5, 1e-15);
}

TEST(Divergence, LetsWaysToBothSidesCancelInTheMeanAlone) {
  const PlacedCounts placed = {{{0, 4, 0}, {2, 0, 2}}, {-1.0, 0.0, 1.0}};

  EXPECT_THAT(wasserstein(placed), IsNan());  // everybody stood at one place: there is no spread
  const PlacedCounts spread = {{{1, 2, 1}, {2, 0, 2}}, {-1.0, 0.0, 1.0}};
  EXPECT_EQ(mean_shift(spread), 0.0);
  EXPECT_NEAR(wasserstein(spread), 0.5 / std::sqrt(0.5), 1e-15);
}

TEST(Divergence, CountsAnEmptyCellAsHalfACustomer) {
  const CellCounts gone = {{50, 50}, {100, 0}};

  EXPECT_NEAR(population_stability(gone), 0.5 * std::log(2.0) + (0.005 - 0.5) * std::log(0.005 / 0.5), 1e-15);
}

TEST(Divergence, LeavesOutCellsThatWereAlwaysEmpty) {
  const CellCounts wider = {{30, 0, 50, 20, 0}, {10, 0, 50, 40, 0}};

  EXPECT_EQ(wider.filled(), 3);
  EXPECT_EQ(population_stability(wider), population_stability(halves));
  EXPECT_EQ(stability_noise(wider), stability_noise(halves));
}

TEST(Divergence, DoesNotGrowWithCustomersButForItsCertainty) {
  const CellCounts more = {{30000, 50000, 20000}, {10000, 50000, 40000}};

  EXPECT_NEAR(population_stability(more), population_stability(halves), 1e-12);
  EXPECT_NEAR(cramers_v(more), cramers_v(halves), 1e-12);
  EXPECT_NEAR(stability_noise(more) * 1000.0, stability_noise(halves), 1e-12);
  EXPECT_LT(chance_of(more), 1e-300);
}

TEST(Divergence, SaysNothingOfNobody) {
  const CellCounts nobody = {{1, 2}, {0, 0}};

  EXPECT_THAT(population_stability(nobody), IsNan());
  EXPECT_THAT(ks_distance(nobody), IsNan());
  EXPECT_THAT(chance_of(nobody), IsNan());
}

TEST(Resemblance, TakesSmallDistancesForNone) {
  // scipy.stats.ncx2.sf(16.666666666666668, 2, 0.05 / 0.02) = 0.008466...; of none at all, the chi-squared above
  EXPECT_GT(resemblance(halves, 0.05), chance_of(halves));
  EXPECT_GT(resemblance(halves, 0.3), 0.4);
  EXPECT_NEAR(resemblance(halves, 1e-12), chance_of(halves), 1e-9);
}

TEST(Resemblance, IsCertainOfTheSameShares) {
  EXPECT_EQ(resemblance({{10, 20}, {10, 20}}, 0.05), 1.0);
  EXPECT_NEAR(resemblance({{10, 20}, {100, 200}}, 0.05), 1.0, 1e-12);
}

TEST(Resemblance, GoesOverIntoTheNormalDistribution) {
  CellCounts cells = halves;
  for (auto* counts : {&cells.then, &cells.now})
    for (std::int64_t& count : *counts) count *= 3900;  // non-centrality 9,750 by the series
  const double by_series = resemblance(cells, 0.05 * 1.0);
  for (auto* counts : {&cells.then, &cells.now})
    for (std::int64_t& count : *counts) count = count * 11 / 10;

  EXPECT_LT(by_series, 1e-6);
  EXPECT_LT(resemblance(cells, 0.05), 1e-6);
  EXPECT_GT(resemblance(cells, 0.5), 0.999);
}

}  // namespace
}  // namespace cardseg::monitor
