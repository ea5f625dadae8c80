#include "cardseg/monitor/matching.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cardseg::monitor {
namespace {

using core::int128;

constexpr int128 farthest = (int128{1} << 126) - 1;

// The cheapest assignment of a square table, a row at a time along shortest augmenting paths. Rows and columns count
// from 1; 0 stands for none.
class Assignment {
 public:
  explicit Assignment(std::vector<std::vector<int128>> cost)
      : cost_(std::move(cost)),
        size_(cost_.size()),
        row_potential_(size_ + 1),
        column_potential_(size_ + 1),
        row_of_(size_ + 1),
        before_(size_ + 1) {
    for (std::size_t row = 1; row <= size_; ++row) augment(find_path(row));
  }

  // [row], both from 0.
  std::vector<std::size_t> columns() const {
    std::vector<std::size_t> found(size_);
    for (std::size_t column = 1; column <= size_; ++column) found[row_of_[column] - 1] = column - 1;
    return found;
  }

 private:
  // Returns a free column at the end of a shortest path from `row`.
  std::size_t find_path(std::size_t row) {
    std::vector<int128> distance(size_ + 1, farthest);
    std::vector<bool> is_done(size_ + 1);
    row_of_[0] = row;
    std::size_t at = 0;
    while (row_of_[at] != 0) {
      is_done[at] = true;
      const std::size_t from = row_of_[at];
      std::size_t next = 0;
      int128 least = farthest;
      for (std::size_t column = 1; column <= size_; ++column) {
        if (is_done[column]) continue;
        const int128 reduced = cost_[from - 1][column - 1] - row_potential_[from] - column_potential_[column];
        if (reduced < distance[column]) {
          distance[column] = reduced;
          before_[column] = at;
        }
        if (distance[column] < least) {
          least = distance[column];
          next = column;
        }
      }
      for (std::size_t column = 0; column <= size_; ++column) {
        if (is_done[column]) {
          row_potential_[row_of_[column]] += least;
          column_potential_[column] -= least;
        } else {
          distance[column] -= least;
        }
      }
      at = next;
    }
    return at;
  }

  void augment(std::size_t column) {
    while (column != 0) {
      row_of_[column] = row_of_[before_[column]];
      column = before_[column];
    }
  }

  std::vector<std::vector<int128>> cost_;
  std::size_t size_;
  std::vector<int128> row_potential_;
  std::vector<int128> column_potential_;
  std::vector<std::size_t> row_of_;  ///< [column]
  std::vector<std::size_t> before_;  ///< [column]: the column before it on the path
};

}  // namespace

std::vector<int> match_segments(const SharedMass& shared) {
  const std::size_t first = shared.size();
  const std::size_t second = first == 0 ? 0 : shared.front().size();
  const std::size_t size = std::max(first, second);
  // A unit outweighs all pairs of the same number together.
  const int128 unit = static_cast<int128>(size) + 1;
  std::vector<std::vector<int128>> cost(size, std::vector<int128>(size));
  for (std::size_t i = 0; i < first; ++i)
    for (std::size_t j = 0; j < second; ++j) cost[i][j] = -(shared[i][j] * unit + (i == j ? 1 : 0));
  const std::vector<std::size_t> columns = Assignment(std::move(cost)).columns();
  std::vector<int> partner(first, -1);
  for (std::size_t i = 0; i < first; ++i)
    if (columns[i] < second && shared[i][columns[i]] > 0) partner[i] = static_cast<int>(columns[i]);
  return partner;
}

}  // namespace cardseg::monitor
