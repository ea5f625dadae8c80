#include "cardseg/portfolio/column_facts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cardseg/portfolio/quantiles.hpp"
#include "portfolio/centre_and_spread.hpp"

namespace cardseg::portfolio {
namespace {

constexpr int exact_digits = 14;  // multiples of a power of ten are told apart by so many digits of a double

int decimal_exponent(double magnitude) { return static_cast<int>(std::floor(std::log10(magnitude))); }

// A multiple of 10^exponent; decimal fractions as short as they can be written.
double multiple(double count, int exponent) {
  return exponent < 0 ? count / std::pow(10.0, -exponent) : count * std::pow(10.0, exponent);
}

double count_of(double value, int exponent) {
  return exponent < 0 ? value * std::pow(10.0, -exponent) : value / std::pow(10.0, exponent);
}

// The exponent of the step to which a range is rounded.
int step_exponent(double low, double high) {
  const double largest = std::max(std::abs(low), std::abs(high));
  if (largest == 0.0) return 0;
  const double width = high - low;
  const int of_width = width > 0.0 ? decimal_exponent(width) - 1 : decimal_exponent(largest) - 1;
  return std::clamp(std::max(of_width, decimal_exponent(largest) + 1 - exact_digits), -300, 300);
}

double rounded_down(double value, int exponent) {
  const double count = std::floor(count_of(value, exponent));
  const double rounded = multiple(count, exponent);
  return rounded <= value ? rounded : multiple(count - 1, exponent);
}

}  // namespace

double ColumnFacts::missing_share() const {
  const std::int64_t all = present + missing;
  return all > 0 ? static_cast<double>(missing) / static_cast<double>(all) : 0.0;
}

ValueRange range_around(double low, double high, std::int64_t present) {
  const double more = (high - low) / static_cast<double>(std::max<std::int64_t>(present - 1, 1));
  const int exponent = step_exponent(low - more, high + more);
  return {rounded_down(low - more, exponent) + 0.0, -rounded_down(-high - more, exponent) + 0.0};
}

ColumnFacts compute_column_facts(const comm::Communicator& comm, std::span<const double> local_raw, RawFacts& raw) {
  ColumnFacts facts{.present = raw.present, .missing = raw.missing, .range = {}, .mean = raw.mean};
  if (raw.present == 0) return facts;
  const std::array<Quantile, 3> asked = {Quantile{range_low_share, QuantileMethod::lower}, Quantile{0.5},
                                         Quantile{range_high_share, QuantileMethod::higher}};
  const std::vector<double> quantiles = compute_quantiles(comm, local_raw, asked);
  raw.median = quantiles[1];
  raw.sd =
      mean_and_deviation(
          comm, local_raw,
          {.count = raw.present, .min = raw.min, .max = raw.max, .mean = raw.mean, .least = raw.min, .most = raw.max})
          .spread;
  facts.range = range_around(quantiles[0], quantiles[2], raw.present);
  facts.sd = raw.sd;
  return facts;
}

}  // namespace cardseg::portfolio
