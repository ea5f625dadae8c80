// What the values that one rank holds of a column are, found in one pass.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace cardseg::portfolio {

/// NaN is missing. Without a present value min is infinity and max its negative.
struct LocalFacts {
  std::int64_t present = 0;
  std::int64_t missing = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  /// The largest magnitude of the present values; 0 for none.
  double max_magnitude() const { return present == 0 ? 0.0 : std::max(std::abs(min), std::abs(max)); }
  void add(const LocalFacts& other) {
    present += other.present;
    missing += other.missing;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }
};

/// Local; threads share the values.
LocalFacts compute_local_facts(std::span<const double> values);

/// Local. The sum of the facts that facts_of(begin, end) gives for blocks of rows that together are [0, count). The
/// blocks go to whichever thread is free: others may use the cores, too.
template <class FactsOf>
LocalFacts gather_local_facts(std::int64_t count, FactsOf facts_of) {
  constexpr std::int64_t block = 16384;
  LocalFacts all;
#pragma omp parallel
  {
    LocalFacts mine;
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < count; begin += block)
      mine.add(facts_of(begin, std::min(begin + block, count)));
#pragma omp critical(cardseg_local_facts)
    all.add(mine);
  }
  return all;
}

}  // namespace cardseg::portfolio
