#include "cardseg/quality/proportions.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

namespace cardseg::quality {
namespace {

double of(std::int64_t count) { return static_cast<double>(count); }

}  // namespace

double normal_quantile(double probability) { return boost::math::quantile(boost::math::normal(), probability); }

double Proportion::share() const {
  return customers > 0 ? of(hits) / of(customers) : std::numeric_limits<double>::quiet_NaN();
}

Interval clopper_pearson(const Proportion& p, double level) {
  const double tail = (1 - level) / 2;
  const std::int64_t misses = p.customers - p.hits;
  // Quantiles of beta distributions: B(tail; x, n - x + 1) and B(1 - tail; x + 1, n - x)
  return {p.hits == 0 ? 0.0 : boost::math::ibeta_inv(of(p.hits), of(misses + 1), tail),
          misses == 0 ? 1.0 : boost::math::ibeta_inv(of(p.hits + 1), of(misses), 1 - tail)};
}

Interval wilson(const Proportion& p, double level) {
  if (p.customers == 0) return {0.0, 1.0};
  const double z = normal_quantile((1 + level) / 2);
  const double n = of(p.customers);
  const double share = p.share();
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {p.hits == 0 ? 0.0 : std::max(0.0, middle - half), p.hits == p.customers ? 1.0 : std::min(1.0, middle + half)};
}

Interval newcombe(const Proportion& first, const Proportion& second, double level) {
  if (first.customers == 0 || second.customers == 0) return {-1.0, 1.0};
  const Interval a = wilson(first, level);
  const Interval b = wilson(second, level);
  const double difference = first.share() - second.share();
  return {difference - std::hypot(first.share() - a.low, b.high - second.share()),
          difference + std::hypot(a.high - first.share(), second.share() - b.low)};
}

double equal_shares_probability(const Proportion& first, const Proportion& second) {
  if (first.customers == 0 || second.customers == 0) return 1.0;
  const double pooled = of(first.hits + second.hits) / of(first.customers + second.customers);
  const double variance = pooled * (1 - pooled) * (1 / of(first.customers) + 1 / of(second.customers));
  if (!(variance > 0)) return 1.0;
  return std::erfc(std::abs(first.share() - second.share()) / std::sqrt(2 * variance));
}

double detectable_difference(double share, std::int64_t first_customers, std::int64_t second_customers) {
  if (first_customers == 0 || second_customers == 0) return std::numeric_limits<double>::quiet_NaN();
  return (normal_quantile(0.975) + normal_quantile(0.8)) *
         std::sqrt(share * (1 - share) * (1 / of(first_customers) + 1 / of(second_customers)));
}

}  // namespace cardseg::quality
