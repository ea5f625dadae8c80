// The sums of one model over all ranks.
#pragma once

#include <vector>

#include "cardseg/cluster/segment_sums.hpp"

namespace cardseg::support {

/// Collective. Replaces `counts` by its global value.
inline cluster::SegmentSums reduced(const comm::Communicator& comm, const cluster::SumGrids& grids,
                                    const cluster::SegmentSums& local, cluster::PassCounts& counts) {
  std::vector<cluster::ModelPass> models = {{local, counts}};
  cluster::reduce(comm, grids, models);
  counts = models[0].counts;
  return models[0].sums;
}

}  // namespace cardseg::support
