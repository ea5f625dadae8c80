// A rank's share of values that a test made on all ranks alike.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"

namespace cardseg::support {

/// Local. The values of rows local_range(rank, n, size).
template <class T>
std::vector<T> local_part(const comm::Communicator& comm, const std::vector<T>& all) {
  const core::Range mine = core::local_range(comm.rank(), static_cast<std::int64_t>(all.size()), comm.size());
  return {all.begin() + mine.begin, all.begin() + mine.end};
}

}  // namespace cardseg::support
