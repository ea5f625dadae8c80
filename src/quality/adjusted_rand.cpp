#include "cardseg/quality/adjusted_rand.hpp"

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::quality {
namespace {

core::int128 pairs(core::int128 n) { return n * (n - 1) / 2; }

core::int128 pairs_of_all(const std::vector<std::int64_t>& sizes) {
  core::int128 sum = 0;
  for (std::int64_t n : sizes) sum += pairs(n);
  return sum;
}

}  // namespace

double adjusted_rand(const Contingency& table) {
  std::vector<std::int64_t> first(static_cast<std::size_t>(table.first));
  std::vector<std::int64_t> second(static_cast<std::size_t>(table.second));
  core::int128 all = 0;
  for (int i = 0; i < table.first; ++i)
    for (int j = 0; j < table.second; ++j) {
      first[static_cast<std::size_t>(i)] += table.at(i, j);
      second[static_cast<std::size_t>(j)] += table.at(i, j);
      all += table.at(i, j);
    }
  const core::int128 together = pairs_of_all(table.customers);
  const core::int128 in_first = pairs_of_all(first);
  const core::int128 in_second = pairs_of_all(second);
  if (together == in_first && together == in_second) return 1.0;  // the same grouping, or nothing to compare
  // (together - expected) / (mean of both - expected), expected = in_first in_second / pairs of all
  const double expected =
      static_cast<double>(in_first) * (static_cast<double>(in_second) / static_cast<double>(pairs(all)));
  const double highest = (static_cast<double>(in_first) + static_cast<double>(in_second)) / 2;
  return (static_cast<double>(together) - expected) / (highest - expected);
}

}  // namespace cardseg::quality
