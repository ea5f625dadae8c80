#include "portfolio/centre_and_spread.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/exact_statistics.hpp"
#include "portfolio/value_kernels.hpp"

namespace cardseg::portfolio {
namespace {

std::span<const double> block_of(std::span<const double> values, std::int64_t begin, std::int64_t end) {
  return values.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

// Collective. The sum of squared distances of values times `unit` from a mean.
double sum_of_squares(const comm::Communicator& comm, std::span<const double> values, std::int64_t count,
                      double largest, double unit, double mean) {
  return exact_sum_by(comm, count, largest, [&](const core::FixedPoint& grid, double lift) {
    return local_sum_of_blocks(grid, std::ssize(values), [&](std::int64_t begin, std::int64_t end) {
      return sum_rounded_squares(block_of(values, begin, end), mean, {unit, lift, grid.factor()});
    });
  });
}

}  // namespace

double sum_of(const comm::Communicator& comm, std::span<const double> values, std::int64_t count, double largest,
              double unit) {
  return exact_sum_by(comm, count, largest, [&](const core::FixedPoint& grid, double lift) {
    return local_sum_of_blocks(grid, std::ssize(values), [&](std::int64_t begin, std::int64_t end) {
      return sum_rounded(block_of(values, begin, end), {unit, lift, grid.factor()});
    });
  });
}

// A power of two as unit keeps squares from vanishing or overflowing and changes no bit else.
CentreAndSpread mean_and_deviation(const comm::Communicator& comm, std::span<const double> values,
                                   const TransformedFacts& facts) {
  int exponent = 0;
  std::frexp(std::max(std::abs(facts.min), std::abs(facts.max)), &exponent);
  const double unit = std::ldexp(1.0, std::max(exponent, -1000));
  const double per_unit = 1.0 / unit;
  const auto count = static_cast<double>(facts.count);
  const double min = facts.min * per_unit;
  const double max = facts.max * per_unit;
  const double largest = std::max(std::abs(facts.least), std::abs(facts.most)) * per_unit;
  // Far from the ends of the exponents a power of two commutes with the sum, so the mean is the same bits.
  const bool is_mean_known = !std::isnan(facts.mean) && std::abs(exponent) < 400;
  if (is_mean_known && !std::isnan(facts.spread)) return {facts.mean, facts.spread};
  const double mean = is_mean_known
                          ? facts.mean * per_unit
                          : std::clamp(sum_of(comm, values, facts.count, largest, per_unit) / count, min, max);
  // variance = mean of (x - mean)^2, the population's; it is largest at an end
  const double below = facts.least * per_unit - mean;
  const double above = facts.most * per_unit - mean;
  const double largest_square = std::max(below * below, above * above);
  const double variance = sum_of_squares(comm, values, facts.count, largest_square, per_unit, mean) / count;
  return {mean * unit, std::sqrt(variance) * unit};
}

}  // namespace cardseg::portfolio
