// One pass over a rank's customers: each gets its segment; those that change it move in the sums.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Local. label[i] = the segment of local row i by the definition (nearest.hpp); -1 before the first pass. A float matrix
/// is screened in float32 first, a double matrix is decided by the definition alone. Returns the local counts.
template <class T>
PassCounts assign_pass(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids, const SumGrids& grids,
                       std::vector<std::int32_t>& labels, SegmentSums& local_sums);

}  // namespace cardseg::cluster
