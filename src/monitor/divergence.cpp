#include "cardseg/monitor/divergence.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <cmath>
#include <limits>

namespace cardseg::monitor {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double most_non_central = 1e4;  // beyond it the series of the non-central distribution is long

std::int64_t sum_of(const std::vector<std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts) sum += count;
  return sum;
}

double ratio(std::int64_t part, std::int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

// 1/n + 1/m
double unit_noise(const CellCounts& cells) {
  return 1.0 / static_cast<double>(cells.all_then()) + 1.0 / static_cast<double>(cells.all_now());
}

bool has_both(const CellCounts& cells) { return cells.all_then() > 0 && cells.all_now() > 0; }

// Pearson's statistic of the 2 x B table: sum of (a sqrt(m/n) - b sqrt(n/m))^2 / (a + b).
double pearson(const CellCounts& cells) {
  const double per = std::sqrt(ratio(cells.all_now(), cells.all_then()));
  double statistic = 0.0;
  for (std::size_t c = 0; c < cells.then.size(); ++c) {
    const std::int64_t both = cells.then[c] + cells.now[c];
    if (both == 0) continue;
    const double difference = static_cast<double>(cells.then[c]) * per - static_cast<double>(cells.now[c]) / per;
    statistic += difference * difference / static_cast<double>(both);
  }
  return statistic;
}

// Sums over places of the cumulated difference of shares, with the way to the next place.
template <class Use>
void for_each_step(const PlacedCounts& placed, Use use) {
  double p = 0.0;
  double q = 0.0;
  const std::int64_t n = placed.cells.all_then();
  const std::int64_t m = placed.cells.all_now();
  for (std::size_t c = 0; c + 1 < placed.places.size(); ++c) {
    p += ratio(placed.cells.then[c], n);
    q += ratio(placed.cells.now[c], m);
    use(p - q, placed.places[c + 1] - placed.places[c]);
  }
}

double in_spreads(const PlacedCounts& placed, double way) {
  const double sd = spread_then(placed).sd;
  return sd > 0.0 ? way / sd : nan;
}

}  // namespace

std::int64_t CellCounts::all_then() const { return sum_of(then); }
std::int64_t CellCounts::all_now() const { return sum_of(now); }

int CellCounts::filled() const {
  int filled = 0;
  for (std::size_t c = 0; c < then.size(); ++c) filled += then[c] + now[c] > 0 ? 1 : 0;
  return filled;
}

double population_stability(const CellCounts& cells) {
  if (!has_both(cells)) return nan;
  const auto share = [](std::int64_t count, std::int64_t all) {
    return std::max(static_cast<double>(count), 0.5) / static_cast<double>(all);
  };
  double sum = 0.0;
  for (std::size_t c = 0; c < cells.then.size(); ++c) {
    if (cells.then[c] + cells.now[c] == 0) continue;
    const double p = share(cells.then[c], cells.all_then());
    const double q = share(cells.now[c], cells.all_now());
    sum += (q - p) * std::log(q / p);
  }
  return sum;
}

double stability_noise(const CellCounts& cells) {
  if (!has_both(cells)) return nan;
  if (cells.filled() < 2) return 0.0;
  const boost::math::chi_squared distribution(cells.filled() - 1);
  return unit_noise(cells) * boost::math::quantile(distribution, 0.95);
}

double chance_of(const CellCounts& cells) {
  if (!has_both(cells)) return nan;
  if (cells.filled() < 2) return 1.0;
  const boost::math::chi_squared distribution(cells.filled() - 1);
  return boost::math::cdf(boost::math::complement(distribution, pearson(cells)));
}

double ks_distance(const CellCounts& cells) {
  if (!has_both(cells)) return nan;
  std::int64_t below_then = 0;
  std::int64_t below_now = 0;
  double largest = 0.0;
  for (std::size_t c = 0; c < cells.then.size(); ++c) {
    below_then += cells.then[c];
    below_now += cells.now[c];
    largest = std::max(largest, std::abs(ratio(below_then, cells.all_then()) - ratio(below_now, cells.all_now())));
  }
  return largest;
}

double overlap(const CellCounts& cells) {
  if (!has_both(cells)) return nan;
  double sum = 0.0;
  for (std::size_t c = 0; c < cells.then.size(); ++c)
    sum += std::min(ratio(cells.then[c], cells.all_then()), ratio(cells.now[c], cells.all_now()));
  return std::min(sum, 1.0);
}

double cramers_v(const CellCounts& cells) {
  if (!has_both(cells)) return nan;
  return std::min(1.0, std::sqrt(pearson(cells) / static_cast<double>(cells.all_then() + cells.all_now())));
}

Spread spread_then(const PlacedCounts& placed) {
  Spread spread;
  const std::int64_t n = placed.cells.all_then();
  for (std::size_t c = 0; c < placed.places.size(); ++c)
    spread.mean += ratio(placed.cells.then[c], n) * placed.places[c];
  double squares = 0.0;
  for (std::size_t c = 0; c < placed.places.size(); ++c) {
    const double away = placed.places[c] - spread.mean;
    squares += ratio(placed.cells.then[c], n) * away * away;
  }
  spread.sd = std::sqrt(squares);
  return spread;
}

double wasserstein(const PlacedCounts& placed) {
  if (!has_both(placed.cells)) return nan;
  double way = 0.0;
  for_each_step(placed, [&](double difference, double step) { way += std::abs(difference) * step; });
  return in_spreads(placed, way);
}

double mean_shift(const PlacedCounts& placed) {
  if (!has_both(placed.cells)) return nan;
  double way = 0.0;
  for_each_step(placed, [&](double difference, double step) { way += difference * step; });
  return in_spreads(placed, way);
}

double resemblance(const CellCounts& cells, double tolerance) {
  if (!has_both(cells)) return nan;
  if (cells.filled() < 2) return 1.0;
  const double degrees = cells.filled() - 1;
  const double non_centrality = tolerance / unit_noise(cells);
  const double statistic = pearson(cells);
  if (statistic == 0.0) return 1.0;
  if (non_centrality > most_non_central) {
    const double z = (statistic - degrees - non_centrality) / std::sqrt(2.0 * (degrees + 2.0 * non_centrality));
    return 0.5 * std::erfc(z / std::sqrt(2.0));
  }
  const boost::math::non_central_chi_squared distribution(degrees, non_centrality);
  return std::clamp(boost::math::cdf(boost::math::complement(distribution, statistic)), 0.0, 1.0);
}

double chance_of_deviation(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

}  // namespace cardseg::monitor
