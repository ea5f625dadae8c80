// An emptied segment is given the customer that is farthest from its centroid.
#pragma once

#include "cardseg/cluster/assigner.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

/// Collective. For each empty segment, lowest number first: of the customers in segments with at least two, the one
/// farthest from its own centroid and from the customers already taken (lowest global row on ties) becomes the
/// segment's only one. Empty is a segment without customers, and far goes by distance: mass plays no part. Updates
/// labels, local and global sums on all ranks. Returns the number of segments refilled.
template <class T>
int refill_empty(const FitSetting<T>& setting, const Centroids& centroids, Assigner<T>& assigner,
                 SegmentSums& local_sums, SegmentSums& global_sums);

}  // namespace cardseg::cluster
