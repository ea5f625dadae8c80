#include "cardseg/portfolio/column_tally.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cardseg/portfolio/exact_statistics.hpp"

namespace cardseg::portfolio {
namespace {

// No value of n customers is further from their mean than sqrt(n) standard deviations, so that customers of the fit
// never reach this; whoever does, counts as so far off.
constexpr double most_deviations = 0x1p20;

}  // namespace

ColumnTally::ColumnTally(const ColumnFacts& facts, std::int64_t customers)
    : facts_(facts), grid_(core::FixedPoint::for_values(most_deviations, customers)) {}

void ColumnTally::add(std::span<const double> raw) {
  const double* value = raw.data();
  const std::int64_t count = std::ssize(raw);
  const ValueRange range = facts_.range;
  std::int64_t missing = 0;
  std::int64_t below = 0;
  std::int64_t above = 0;
#pragma omp parallel for simd reduction(+ : missing, below, above) schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    missing += std::isnan(value[i]) ? 1 : 0;
    below += value[i] < range.low ? 1 : 0;
    above += value[i] > range.high ? 1 : 0;
  }
  local_.present += count - missing;
  local_.missing += missing;
  local_.below += below;
  local_.above += above;
  const double per_deviation = 1.0 / facts_.sd;
  if (!std::isfinite(per_deviation)) return;
  local_sum_ += local_exact_sum(grid_, count, [&](std::int64_t i) {
    const double deviations = (value[i] - facts_.mean) * per_deviation;
    return std::isnan(deviations) ? 0.0 : std::clamp(deviations, -most_deviations, most_deviations);
  });
}

ColumnShift ColumnTally::total(const comm::Communicator& comm) const {
  std::array<core::int128, 5> sums = {local_.present, local_.missing, local_.below, local_.above, local_sum_};
  comm.allreduce_sum(std::span<core::int128>(sums));
  ColumnShift total{static_cast<std::int64_t>(sums[0]), static_cast<std::int64_t>(sums[1]),
                    static_cast<std::int64_t>(sums[2]), static_cast<std::int64_t>(sums[3])};
  if (total.present > 0) total.mean_shift = grid_.value(sums[4]) / static_cast<double>(total.present);
  return total;
}

}  // namespace cardseg::portfolio
