// A rank's rows in blocks, as many on every rank: for work in which all take part.
#pragma once

#include <cstdint>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/core/row_blocks.hpp"

namespace cardseg::segments {

/// Collective. use(rows) for blocks of this rank's rows; the last ones are empty where ranks have fewer.
template <class Use>
void for_each_block(const comm::Communicator& comm, std::int64_t all_rows, Use use) {
  const core::Range mine = core::local_range(comm.rank(), all_rows, comm.size());
  core::for_each_block_of(comm.max(mine.size()), mine, use);
}

}  // namespace cardseg::segments
