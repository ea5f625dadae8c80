// A number for what an iteration found, by which equal ones are recognised.
#pragma once

#include <cstdint>

#include "cardseg/cluster/segment_sums.hpp"

namespace cardseg::cluster {

/// Pure. Equal where customers are grouped alike, whatever the segments' numbers; else different but for one chance in
/// 2^64.
std::uint64_t state_key(const SegmentSums& global_sums);

}  // namespace cardseg::cluster
