// How far two segmentations of the same customers agree.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::quality {

/// Customers (people, not mass) by the segment they have in each of two segmentations.
struct Contingency {
  int first = 0;                        ///< segments of the first
  int second = 0;                       ///< segments of the second
  std::vector<std::int64_t> customers;  ///< [first][second]

  Contingency(int first_segments, int second_segments)
      : first(first_segments),
        second(second_segments),
        customers(static_cast<std::size_t>(first_segments) * static_cast<std::size_t>(second_segments)) {}

  std::int64_t& at(int i, int j) {
    return customers[static_cast<std::size_t>(i) * static_cast<std::size_t>(second) + static_cast<std::size_t>(j)];
  }
  std::int64_t at(int i, int j) const {
    return customers[static_cast<std::size_t>(i) * static_cast<std::size_t>(second) + static_cast<std::size_t>(j)];
  }
};

/// Pure. 1 where both are the same grouping, 0 on average where they are independent. Hubert, Arabie 1985, equation 5.
/// Pairs of customers are counted in integers; the last steps are in double.
double adjusted_rand(const Contingency& table);

}  // namespace cardseg::quality
