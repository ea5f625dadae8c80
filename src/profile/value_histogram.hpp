// How many values of each group lie in each bucket, exact.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"
#include "profile/value_buckets.hpp"

namespace cardseg::profile {

/// The same on all ranks, but for what is local. `groups` are those of a Grouping.
struct ValueHistogram {
  ValueBuckets buckets;
  int groups = 0;
  std::vector<std::int64_t> counts;  ///< [group][bucket]
  std::vector<std::int64_t> whole;   ///< [bucket], of all groups
  std::vector<double> low;           ///< [bucket]: the one value in it, or -infinity where there are several
  std::vector<double> high;          ///< the same, or infinity
  std::vector<std::int64_t> local;   ///< [bucket], values of this rank

  const std::int64_t* of(int group) const { return counts.data() + group * buckets.size(); }
  /// Whether all values in the bucket are equal; so it is of an empty one.
  bool has_one_value(std::int64_t bucket) const {
    const auto at = static_cast<std::size_t>(bucket);
    return low[at] >= high[at];
  }
  /// Whether this is so of all buckets: the histogram then says all there is to say of the values.
  bool is_whole_truth() const;
};

/// Collective. A pass over the local values and an allreduce of about 8 bytes a group and bucket, of which there are no
/// more than 8,192 and fewer for many groups. NaN is left out; `ends` are those of all values on all ranks.
ValueHistogram compute_histogram(const comm::Communicator& comm, std::span<const double> local_values,
                                 const portfolio::Grouping& local_groups, const ValueEnds& ends);

}  // namespace cardseg::profile
