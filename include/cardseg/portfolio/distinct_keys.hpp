// Whether all customers' keys differ, over all ranks: by exchange, in bounded memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::portfolio {

/// Pure. A bijection that spreads keys over all 64 bits: equal keys stay equal, others different.
std::int64_t mixed(std::int64_t key);

/// Collective. Whether all ranks' keys, which are well spread (`mixed`), differ from each other. The same on all ranks.
/// Memory: 8 bytes a key, and at most 64 MiB for the exchange, which is done in as many rounds as that needs, and ends
/// with the first that finds two equal ones.
bool are_distinct(const comm::Communicator& comm, const std::vector<std::int64_t>& local_keys);

struct Repetitions {
  std::int64_t rows = 0;  ///< with a key that a lower row has
  /// Rows that share a key, ascending, at most 16 of each; in the order of the row that repeats first, at most 1000.
  std::vector<std::vector<std::int64_t>> first;
};

/// Collective. Which rows share keys. Keys as for `are_distinct`; local_keys[i] is that of global row first_row + i.
/// The same on all ranks. Memory: 32 bytes a key and what `are_distinct` needs.
Repetitions find_repetitions(const comm::Communicator& comm, const std::vector<std::int64_t>& local_keys,
                             std::int64_t first_row);

}  // namespace cardseg::portfolio
