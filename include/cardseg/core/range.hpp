// Which rank owns which global rows: the only place where rows are divided.
#pragma once

#include <algorithm>
#include <cstdint>

namespace cardseg::core {

/// A half-open interval [begin, end) of rows.
struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  std::int64_t size() const { return end - begin; }
  bool is_empty() const { return end <= begin; }
  bool contains(std::int64_t row) const { return begin <= row && row < end; }
  bool operator==(const Range&) const = default;
};

/// The rows that two ranges share; an empty range where they share none.
inline Range intersection(const Range& a, const Range& b) {
  const std::int64_t begin = std::max(a.begin, b.begin);
  return {begin, std::max(begin, std::min(a.end, b.end))};
}

/// The rows of `rank` when `n` rows are divided over `size` ranks: contiguous, in rank order, sizes that differ by at
/// most one, the larger ones first. Preconditions: 0 <= rank < size, n >= 0.
inline Range local_range(int rank, std::int64_t n, int size) {
  const std::int64_t base = n / size;
  const std::int64_t larger = n % size;
  const std::int64_t begin = rank * base + std::min<std::int64_t>(rank, larger);
  return {begin, begin + base + (rank < larger ? 1 : 0)};
}

/// The rank whose `local_range` contains `row`. Preconditions: 0 <= row < n, size > 0.
inline int row_owner(std::int64_t row, std::int64_t n, int size) {
  const std::int64_t base = n / size;
  const std::int64_t larger = n % size;
  const std::int64_t in_larger = larger * (base + 1);
  if (row < in_larger) return static_cast<int>(row / (base + 1));
  return static_cast<int>(larger + (row - in_larger) / base);
}

}  // namespace cardseg::core
