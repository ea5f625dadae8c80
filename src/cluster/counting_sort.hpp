// Sorting by a small key, in two passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace cardseg::cluster {

/// Keeps its memory between calls.
class CountingSort {
 public:
  /// into = from by increasing key(value), 0 <= key < keys; equal keys keep their order.
  template <class Key>
  void sort(const std::vector<std::int32_t>& from, std::vector<std::int32_t>& into, int keys, Key key) {
    starts_.assign(static_cast<std::size_t>(keys) + 1, 0);
    keys_.resize(from.size());
    into.resize(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      keys_[i] = key(from[i]);
      ++starts_[static_cast<std::size_t>(keys_[i]) + 1];
    }
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    for (std::size_t i = 0; i < from.size(); ++i)
      into[static_cast<std::size_t>(starts_[static_cast<std::size_t>(keys_[i])]++)] = from[i];
  }

 private:
  std::vector<std::int32_t> keys_;
  std::vector<std::int32_t> starts_;
};

}  // namespace cardseg::cluster
